using Serverless.Core.Models;

namespace Serverless.Functions.TaskRuns;

/// <summary>One attempt that runs now, and the reasons for which its token can be cancelled.</summary>
internal sealed class RunningTaskRun : IDisposable
{
    private readonly RunningTaskRuns _owner;
    private readonly CancellationTokenSource _cancelled = new();
    private readonly CancellationTokenSource _any;
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskRun? _begun;
    private Task? _cancelling;

    public RunningTaskRun(RunningTaskRuns owner, Guid ownerId, int generation, bool isBackground, CancellationToken hostStopping)
    {
        _owner = owner;
        OwnerId = ownerId;
        Generation = generation;
        IsBackground = isBackground;
        _any = CancellationTokenSource.CreateLinkedTokenSource(_cancelled.Token, hostStopping);
    }

    /// <summary>The flow run; of a background task run, that one's own id.</summary>
    public Guid OwnerId { get; }

    /// <summary>True for a task run outside any flow.</summary>
    public bool IsBackground { get; }

    public int Generation { get; }

    /// <summary>The task run as the attempt began it; null before that.</summary>
    public TaskRun? Begun => _begun;

    /// <summary>The token for the author's code.</summary>
    public CancellationToken Token => _any.Token;

    /// <summary>True when the flow run was stopped, or a client ended the task run.</summary>
    public bool IsCancelled => _cancelled.IsCancellationRequested;

    /// <summary>
    /// Completes with <see cref="IsCancelled"/>: from then on, nobody waits for the attempt's own outcome for longer than the grace.
    /// </summary>
    public Task Told => _told.Task;

    public void Begin(TaskRun run) => _begun = run;

    /// <summary>
    /// Cancels the token, and does not wait for what the author registered at it: that may block or throw, and others are still to be told.
    /// </summary>
    public void Cancel()
    {
        lock (_told)
        {
            _cancelling ??= CancelQuietlyAsync(_cancelled);
        }

        _told.TrySetResult();
    }

    public void Dispose()
    {
        _owner.Remove(this);
        lock (_told)
        {
            _cancelling ??= Task.CompletedTask;
        }

        _ = DisposeAsync(_cancelling);
    }

    private async Task DisposeAsync(Task cancelling)
    {
        await cancelling;
        _any.Dispose();
        _cancelled.Dispose();
    }

    private static async Task CancelQuietlyAsync(CancellationTokenSource source) =>
        await source.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
