using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>A decision about a task run.</summary>
internal sealed class TaskRunTransition : Transition
{
    public TaskRunTransition(TaskRun run, ProposedState proposed, in TaskTransitionFacts facts)
        : base(run.State, proposed, facts.Now, facts.Ids, facts.Lease, facts.Settings, facts.HasStoredResult)
    {
        Run = run;
        RunCount = run.RunCount;
        ExpectedStartTime = run.ExpectedStartTime;
        NextScheduledStartTime = run.NextScheduledStartTime;
        StartTime = run.StartTime;
        EndTime = run.EndTime;
        TotalRunTime = run.TotalRunTime;
        FlowRun = facts.FlowRun;
        Random = facts.Random;
        FlowRunRunCount = run.FlowRunRunCount;
        TagLimits = facts.TagLimits ?? [];
        Cached = facts.Cached;
        HasLostResult = facts.HasLostResult;
    }

    /// <summary>The run as stored.</summary>
    public TaskRun Run { get; }

    /// <summary>The flow run that called the task; null outside any flow.</summary>
    public FlowRun? FlowRun { get; }

    /// <summary>For jitter.</summary>
    public Random Random { get; }

    /// <summary>The flow run's run count when the task run last entered Running.</summary>
    public int FlowRunRunCount { get; set; }

    /// <summary>The limits of the run's tags.</summary>
    public IReadOnlyList<LimitFacts> TagLimits { get; }

    /// <summary>True when the run has ended with a result that was not kept.</summary>
    public bool HasLostResult { get; }

    /// <summary>The newest state under the proposed one's cache key.</summary>
    public CachedTaskState? Cached { get; }

    /// <summary>The key under which the state to be written is to be found again; null for none.</summary>
    public CacheEntry? CacheEntry { get; set; }

    /// <summary>Whether the run is to be put into the queue of its task.</summary>
    public TaskQueueing Queueing { get; set; }

    /// <summary>True when the flow run is in a later attempt than that in which the task run last ran.</summary>
    public bool IsFlowRunRetry => FlowRun is not null && Run.FlowRunRunCount < FlowRun.RunCount;

    /// <summary>The run as it is to be stored; the same instance when nothing changed.</summary>
    public TaskRun MakeRun(State? written)
    {
        if (written is null)
        {
            return Run;
        }

        return Run with
        {
            Updated = Now,
            State = written,
            StateId = written.Id,
            StateType = written.Type,
            StateName = written.Name,
            RunCount = RunCount,
            ExpectedStartTime = ExpectedStartTime,
            NextScheduledStartTime = NextScheduledStartTime,
            StartTime = StartTime,
            EndTime = EndTime,
            TotalRunTime = TotalRunTime,
            FlowRunRunCount = FlowRunRunCount,
        };
    }
}
