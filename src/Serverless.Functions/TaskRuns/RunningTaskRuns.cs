using Serverless.Server.Runs;

namespace Serverless.Functions.TaskRuns;

/// <summary>
/// The task code that runs in this process now, by flow run, so that a cancellation reaches its tokens. A background task run stands under
/// its own id.
/// </summary>
public sealed class RunningTaskRuns
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, HashSet<RunningTaskRun>> _byFlowRun = [];
    private TaskCompletionSource _any = NewSignal();

    /// <summary>Completes when task code runs.</summary>
    internal Task WhenAny
    {
        get
        {
            lock (_gate)
            {
                return _any.Task;
            }
        }
    }

    /// <summary>The flow runs of which task code runs, and the background task runs that run.</summary>
    internal IReadOnlyList<(Guid Id, bool IsBackground)> Owners
    {
        get
        {
            lock (_gate)
            {
                return [.. _byFlowRun.Select(pair => (pair.Key, pair.Value.First().IsBackground))];
            }
        }
    }

    /// <summary>Cancels the tokens of a flow run's running tasks; ones that start later are the gate's to refuse.</summary>
    /// <param name="flowRunId">The flow run.</param>
    /// <param name="generation">Of the orchestration that is stopped; tasks of a later one are left alone.</param>
    public void Cancel(Guid flowRunId, int generation)
    {
        foreach (var run in Of(flowRunId))
        {
            if (run.Generation <= generation)
            {
                run.Cancel();
            }
        }
    }

    /// <summary>
    /// Cancels the tokens of the attempts that are over, as the store says: those of an earlier start of the flow run, and those that
    /// clients ended.
    /// </summary>
    internal void CancelEnded(Guid flowRunId, RunPermit permit)
    {
        foreach (var run in Of(flowRunId))
        {
            if (run.Begun is not { } begun)
            {
                continue;
            }

            var endedByClient = permit.EndedAttempts.TryGetValue(begun.Id, out var state) && state == begun.StateId;
            if (endedByClient || begun.FlowRunRunCount < permit.RunCount)
            {
                run.Cancel();
            }
        }
    }

    /// <summary>Cancels the tokens of a background task run's attempts if the run has left the state that they began with.</summary>
    /// <param name="taskRunId">The task run.</param>
    /// <param name="stateId">Its state now; null for one that was deleted.</param>
    internal void CancelEnded(Guid taskRunId, Guid? stateId)
    {
        foreach (var run in Of(taskRunId).Where(run => run.Begun is { } begun && begun.StateId != stateId))
        {
            run.Cancel();
        }
    }

    /// <summary>Notes a task that starts; dispose the entry when it ended.</summary>
    internal RunningTaskRun Add(Guid ownerId, int generation, bool isBackground, CancellationToken hostStopping)
    {
        RunningTaskRun run = new(this, ownerId, generation, isBackground, hostStopping);
        lock (_gate)
        {
            if (!_byFlowRun.TryGetValue(ownerId, out var entries))
            {
                _byFlowRun[ownerId] = entries = [];
            }

            entries.Add(run);
            _any.TrySetResult();
        }

        return run;
    }

    internal void Remove(RunningTaskRun run)
    {
        lock (_gate)
        {
            if (_byFlowRun.TryGetValue(run.OwnerId, out var entries) && entries.Remove(run) && entries.Count == 0)
            {
                _byFlowRun.Remove(run.OwnerId);
            }

            if (_byFlowRun.Count == 0 && _any.Task.IsCompleted)
            {
                _any = NewSignal();
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningTaskRun[] Of(Guid flowRunId)
    {
        lock (_gate)
        {
            return _byFlowRun.TryGetValue(flowRunId, out var entries) ? [.. entries] : [];
        }
    }
}
