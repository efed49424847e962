namespace Serverless.LocalRuntime.Deaths;

/// <summary>An instance is in a turn. Disposed without <see cref="Done"/>, the turn came to nothing, and the process lives.</summary>
internal sealed class TurnMark(TurnMarks marks, string instanceId, int? place, bool isAlone) : IDisposable
{
    private int _ended;

    public string InstanceId => instanceId;

    /// <summary>Where in the file it is; null when there was no room.</summary>
    public int? Place => place;

    /// <summary>Whether no other instance that is suspected as much is in a turn.</summary>
    public bool IsAlone => isAlone;

    /// <summary>The turn is stored: the deaths before it are forgotten.</summary>
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
