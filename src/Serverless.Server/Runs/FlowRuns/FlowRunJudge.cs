using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Concurrency;
using Serverless.Server.Events;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>Has the rules judge what is proposed for a flow run, with the facts that they need.</summary>
internal sealed class FlowRunJudge(TimeProvider time, IIdGenerator ids, ConcurrencyLimits limits, IFlowRunEvents events)
{
    /// <summary>Judges the proposed states one after the other, up to the first that is not accepted.</summary>
    public async ValueTask<Judgement<FlowRun>> JudgeAsync(
        StoredFlowRun stored,
        FlowRunProposal proposal,
        CancellationToken cancellationToken
    )
    {
        var policy = proposal switch
        {
            { Force: true } => MinimalFlowPolicy.Instance,
            { IsLate: true } => MarkLateRunsPolicy.Instance,
            { Origin: TransitionOrigin.Orchestrator } => EngineFlowPolicy.Instance,
            _ => CoreFlowPolicy.Instance,
        };
        var run = stored.Run;
        var lease = stored.Lease;
        LimitedDeployment? deployment = null;
        List<State> written = [];
        List<RowOperation> derived = [];
        GateAnswer? answer = null;
        foreach (var proposed in proposal.States)
        {
            var needs = policy.Needs(run.State, proposed, proposal.Client);
            if (deployment is null && run.DeploymentId is { } deploymentId && needs.HasFlag(TransitionNeeds.Deployment))
            {
                deployment = await limits.Lookup.OfDeploymentAsync(deploymentId, stored.Lease, cancellationToken);
            }

            var now = time.GetUtcNow();
            FlowTransitionFacts facts = new(now, ids)
            {
                Lease = lease,
                Deployment = deployment?.Facts(
                    lease,
                    isNew: lease?.Id != stored.Lease?.Id,
                    now,
                    proposal.IsQueued(stored) ? new SlotOwner(run.Id) : null
                ),
                Client = proposal.Client,
                HasStoredResult = stored.History.HasResult,
            };
            var outcome = FlowRunGate.Evaluate(run, proposed, facts, policy);
            answer = GateAnswer.Of(outcome);
            run = outcome.Run;
            lease = outcome.Lease;
            derived.AddRange(outcome.Change is { } change ? events.RowsOf(change) : []);
            if (outcome.Written is { } state)
            {
                written.Add(state);
            }

            if (outcome.Status != SetStateStatus.Accept)
            {
                break;
            }
        }

        // An orchestration gives its run's slot back, or the sweep that finds it gone does: it has nothing to renew.
        lease = stored.Registered && lease is { Expires: not null } ? lease with { Expires = null } : lease;
        return new Judgement<FlowRun>(
            run,
            written,
            answer ?? throw new ArgumentException("No state is proposed.", nameof(proposal)),
            lease,
            deployment?.Limit is { } limit ? [limit] : [],
            derived
        )
        {
            CancelsOlder = deployment is { CancelsOlder: true },
        };
    }
}
