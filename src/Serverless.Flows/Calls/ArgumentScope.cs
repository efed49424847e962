namespace Serverless.Flows.Calls;

/// <summary>
/// Open while the arguments of a call are computed: only then does a future give its value as an argument. Belongs to the thread that
/// computes them.
/// </summary>
internal readonly ref struct ArgumentScope
{
    [ThreadStatic]
    private static int _depth;

    internal static bool IsOpen => _depth > 0;

    internal static ArgumentScope Open()
    {
        _depth++;
        return default;
    }

#pragma warning disable CA1822 // What "using" calls cannot be static.
    public void Dispose() => _depth--;
#pragma warning restore CA1822
}
