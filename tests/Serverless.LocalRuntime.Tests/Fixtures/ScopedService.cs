namespace Serverless.LocalRuntime.Tests.Fixtures;

internal sealed class ScopedService : IDisposable
{
    private static int _count;

    public Guid Id { get; } = new(Interlocked.Increment(ref _count), 0, 0, new byte[8]);

    public bool Disposed { get; private set; }

    public void Dispose() => Disposed = true;
}
