namespace Serverless.Functions.TaskRuns;

/// <summary>The task code that runs in this process now, by flow run, so that a cancellation reaches its tokens at once.</summary>
public sealed class RunningTaskRuns
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, HashSet<RunningTaskRun>> _byFlowRun = [];

    /// <summary>Cancels the tokens of a flow run's running tasks; ones that start later are the gate's to refuse.</summary>
    public void Cancel(Guid flowRunId)
    {
        RunningTaskRun[] running;
        lock (_gate)
        {
            running = _byFlowRun.TryGetValue(flowRunId, out HashSet<RunningTaskRun>? entries) ? [.. entries] : [];
        }

        foreach (RunningTaskRun run in running)
        {
            run.Cancel();
        }
    }

    /// <summary>Notes a task that starts; dispose the entry when it ended.</summary>
    internal RunningTaskRun Add(Guid flowRunId, CancellationToken hostStopping)
    {
        RunningTaskRun run = new(this, flowRunId, hostStopping);
        lock (_gate)
        {
            if (!_byFlowRun.TryGetValue(flowRunId, out HashSet<RunningTaskRun>? entries))
            {
                _byFlowRun[flowRunId] = entries = [];
            }

            entries.Add(run);
        }

        return run;
    }

    internal void Remove(RunningTaskRun run)
    {
        lock (_gate)
        {
            if (_byFlowRun.TryGetValue(run.FlowRunId, out HashSet<RunningTaskRun>? entries) && entries.Remove(run) && entries.Count == 0)
            {
                _byFlowRun.Remove(run.FlowRunId);
            }
        }
    }
}
