using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>A decision about a flow run.</summary>
internal sealed class FlowRunTransition : Transition
{
    public FlowRunTransition(FlowRun run, ProposedState proposed, in FlowTransitionFacts facts)
        : base(run.State, proposed, facts.Now, facts.Ids, facts.Lease, facts.Settings, facts.HasStoredResult)
    {
        Run = run;
        RunCount = run.RunCount;
        ExpectedStartTime = run.ExpectedStartTime;
        NextScheduledStartTime = run.NextScheduledStartTime;
        StartTime = run.StartTime;
        EndTime = run.EndTime;
        TotalRunTime = run.TotalRunTime;
        EmpiricalPolicy = run.EmpiricalPolicy;
        Deployment = facts.Deployment;
        Client = facts.Client;
    }

    /// <summary>The run as stored.</summary>
    public FlowRun Run { get; }

    /// <summary>The run's retries and track of pauses.</summary>
    public FlowRunPolicy EmpiricalPolicy { get; set; }

    /// <summary>The run's deployment; null when there is none.</summary>
    public DeploymentFacts? Deployment { get; }

    /// <summary>The version of the Prefect client that proposes; null for anybody else.</summary>
    public ClientVersion? Client { get; }

    /// <summary>Whether events are to tell of the new state.</summary>
    public bool IsInstrumented { get; set; }

    /// <summary>Has the run take a slot of its deployment's limit.</summary>
    public void Take(LimitFacts limit, DeploymentFacts deployment)
    {
        Lease = new SlotLease(limit.Granted ?? NewId(), [limit.Id], Now + deployment.LeaseDuration(Settings));
        Details = Details with { DeploymentConcurrencyLeaseId = Lease.Id };
    }

    /// <summary>The run as it is to be stored; the same instance when nothing changed.</summary>
    public FlowRun MakeRun(State? written)
    {
        if (written is null)
        {
            return ReferenceEquals(EmpiricalPolicy, Run.EmpiricalPolicy)
                ? Run
                : Run with
                {
                    EmpiricalPolicy = EmpiricalPolicy,
                    Updated = Now,
                };
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
            EmpiricalPolicy = EmpiricalPolicy,
        };
    }
}
