namespace Serverless.LocalRuntime.Tests.Fixtures;

internal sealed class ScopedService : IDisposable
{
    private static int Count;

    public Guid Id { get; } = new(Interlocked.Increment(ref Count), 0, 0, new byte[8]);

    public bool Disposed { get; private set; }

    public void Dispose() => Disposed = true;
}
