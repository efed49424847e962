namespace Serverless.Server.Events;

/// <summary>
/// The place of what is about to be written among the events. It is taken before the commit and so before anybody can write what follows
/// from it: the events of a run come in the order of its states. Disposing of it without <see cref="Written"/> gives it up.
/// </summary>
/// <param name="happening">What is told of if it is written.</param>
internal sealed class EventPlace(Happening happening) : IDisposable
{
    private readonly TaskCompletionSource<bool> _isWritten = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What is told of.</summary>
    public Happening Happening => happening;

    /// <summary>Whether it was written, once that is known.</summary>
    public Task<bool> IsWritten => _isWritten.Task;

    /// <summary>It was written.</summary>
    public void Written() => _isWritten.TrySetResult(true);

    /// <inheritdoc/>
    public void Dispose() => _isWritten.TrySetResult(false);
}
