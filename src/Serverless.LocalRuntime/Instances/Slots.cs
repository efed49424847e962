namespace Serverless.LocalRuntime.Instances;

/// <summary>Bounds how many do a thing at once; whoever entered leaves by disposing.</summary>
internal sealed class Slots(int count) : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(count, count);

    public async ValueTask<Slot> EnterAsync()
    {
        await _semaphore.WaitAsync();
        return new Slot(_semaphore);
    }

    public void Dispose() => _semaphore.Dispose();

    public readonly struct Slot(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
