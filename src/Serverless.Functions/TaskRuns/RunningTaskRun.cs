namespace Serverless.Functions.TaskRuns;

/// <summary>One attempt that runs now, and the reasons for which its token can be cancelled.</summary>
internal sealed class RunningTaskRun : IDisposable
{
    private readonly RunningTaskRuns _owner;
    private readonly CancellationTokenSource _cancelled = new();
    private readonly CancellationTokenSource _any;

    public RunningTaskRun(RunningTaskRuns owner, Guid flowRunId, int generation, CancellationToken hostStopping)
    {
        _owner = owner;
        FlowRunId = flowRunId;
        Generation = generation;
        _any = CancellationTokenSource.CreateLinkedTokenSource(_cancelled.Token, hostStopping);
    }

    public Guid FlowRunId { get; }

    public int Generation { get; }

    /// <summary>The token for the author's code.</summary>
    public CancellationToken Token => _any.Token;

    /// <summary>True when the flow run was cancelled.</summary>
    public bool IsCancelled => _cancelled.IsCancellationRequested;

    public void Cancel()
    {
        try
        {
            _cancelled.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended at this moment; nothing is left to cancel.
        }
    }

    public void Dispose()
    {
        _owner.Remove(this);
        _any.Dispose();
        _cancelled.Dispose();
    }
}
