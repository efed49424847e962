namespace Serverless.Functions.TaskRuns;

/// <summary>The task code that runs in this process now, by flow run, so that a cancellation reaches its tokens at once.</summary>
public sealed class RunningTaskRuns
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, HashSet<RunningTaskRun>> _byFlowRun = [];

    /// <summary>Cancels the tokens of a flow run's running tasks; ones that start later are the gate's to refuse.</summary>
    /// <param name="flowRunId">The flow run.</param>
    /// <param name="generation">Of the orchestration that is stopped; tasks of a later one are left alone.</param>
    public void Cancel(Guid flowRunId, int generation)
    {
        RunningTaskRun[] running;
        lock (_gate)
        {
            running = _byFlowRun.TryGetValue(flowRunId, out HashSet<RunningTaskRun>? entries) ? [.. entries.Where(entry => entry.Generation <= generation)] : [];
        }

        foreach (RunningTaskRun run in running)
        {
            run.Cancel();
        }
    }

    /// <summary>Notes a task that starts; dispose the entry when it ended.</summary>
    internal RunningTaskRun Add(Guid flowRunId, int generation, CancellationToken hostStopping)
    {
        RunningTaskRun run = new(this, flowRunId, generation, hostStopping);
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
