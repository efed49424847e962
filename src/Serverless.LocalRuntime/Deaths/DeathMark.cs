namespace Serverless.LocalRuntime.Deaths;

/// <summary>
/// The right to run some code, of which the process may die. Disposed without <see cref="Done"/>, the code came to nothing, and the process
/// lives.
/// </summary>
/// <param name="marks">Where it is noted.</param>
/// <param name="key">What runs.</param>
/// <param name="isAlone">Whether nothing else that is suspected as much may run.</param>
internal sealed class DeathMark(DeathMarks marks, string key, bool isAlone) : IDisposable
{
    private int _ended;

    public string Key => key;

    /// <summary>Where in the file it is; null before it begins, or when there was no room.</summary>
    public int? Place { get; set; }

    /// <summary>When it began; a timestamp of the clock.</summary>
    public long Began { get; set; }

    /// <summary>Whether nothing else that is suspected as much runs.</summary>
    public bool IsAlone => isAlone;

    /// <summary>The code is about to run: from here on a death is its.</summary>
    public void Begin() => marks.Begin(this);

    /// <summary>It has come to its end: the deaths before it are forgotten.</summary>
    public void Done() => End(done: true);

    public void Dispose() => End(done: false);

    private void End(bool done)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            marks.End(this, done);
        }
    }
}
