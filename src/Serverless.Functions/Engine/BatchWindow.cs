namespace Serverless.Functions.Engine;

/// <summary>
/// Lets a bounded number of a flow's batches be under way, in the order in which they came; the others take no memory but their arguments.
/// Used on the orchestration's single thread.
/// </summary>
/// <param name="size">How many at once.</param>
internal sealed class BatchWindow(int size)
{
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private int _open;

    /// <summary>Waits for a place, at most until the run is stopped. Every call needs one of <see cref="Leave"/>.</summary>
    /// <param name="stopped">Completes when the run is stopped.</param>
    public async Task EnterAsync(Task stopped)
    {
        if (_open++ < size)
        {
            return;
        }

        TaskCompletionSource place = new();
        _waiting.Enqueue(place);
        await Task.WhenAny(place.Task, stopped);
    }

    /// <summary>Gives a place to the next one.</summary>
    public void Leave()
    {
        _open--;
        if (_waiting.TryDequeue(out var next))
        {
            next.SetResult();
        }
    }
}
