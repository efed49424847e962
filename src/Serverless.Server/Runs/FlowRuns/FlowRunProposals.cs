using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Concurrency;
using Serverless.Server.Flows;
using Serverless.Server.Outbox;
using Serverless.Server.Runs.Writing;

namespace Serverless.Server.Runs;

/// <summary>Judges the states that are proposed for flow runs, and writes them.</summary>
internal sealed class FlowRunProposals(
    RunWriter writer,
    RunReader reader,
    FlowRunJudge judge,
    CommitRetry retry,
    IIdGenerator ids,
    RegisteredFlows flows,
    ConcurrencyLimits limits
)
{
    /// <summary>The message of a run that is cancelled for a newer one.</summary>
    internal const string GivesWay = "A newer run of the deployment takes its place.";

    /// <summary>Judges by the run as it is stored.</summary>
    public Task<GateAnswer> ProposeAsync(FlowRunProposal proposal, CancellationToken cancellationToken) =>
        retry.RunAsync<GateAnswer>(
            async token =>
            {
                if (await reader.FlowRunAsync(proposal.FlowRunId, token) is not { } stored)
                {
                    return new GateAnswer.Missing();
                }

                if (!proposal.Basis.Holds(stored))
                {
                    return proposal.Basis.IsSuperseded(stored) ? new GateAnswer.Superseded(stored.Run.State) : new GateAnswer.Moved();
                }

                if (IsTheOrchestrations(stored, proposal))
                {
                    return Driven(stored);
                }

                return await TryProposeAsync(stored, proposal, token) is { } judged ? judged.Answer : default(TryResult<GateAnswer>);
            },
            cancellationToken
        );

    /// <summary>Judges by the run as it is known, and writes what was judged; null when the run has changed since.</summary>
    public async Task<(GateAnswer Answer, StoredFlowRun After)?> TryProposeAsync(
        StoredFlowRun stored,
        FlowRunProposal proposal,
        CancellationToken cancellationToken
    )
    {
        var known = stored;
        var judgement = await retry.RunAsync<Judgement<FlowRun>>(
            async token =>
            {
                var judged = await judge.JudgeAsync(known, proposal, token);
                if (await IsPreparedAsync(stored, known, judged, proposal, token))
                {
                    return judged;
                }

                // Somebody else took the slot; or the lease was to be renewed and is gone: then the run holds nothing any more.
                known = judged.Lease is { } lease && lease.Id == known.Lease?.Id ? known with { Lease = null } : known;
                return default;
            },
            cancellationToken
        );
        if (ReferenceEquals(judgement.Run, stored.Run))
        {
            await MakeRoomAsync(stored, judgement, proposal, cancellationToken);
            return (judgement.Answer, stored);
        }

        (var isWritten, var after) = await writer.TryWriteAsync(ChangeOf(known, judgement, proposal), cancellationToken);
        if (!isWritten)
        {
            await limits.UndoAsync(known.Lease, judgement.Lease, cancellationToken);
            return null;
        }

        await (
            judgement.Lease is null
                ? limits.OnGoneAsync(stored, cancellationToken)
                : limits.OnWrittenAsync(stored.Lease, judgement.Lease, cancellationToken)
        );

        await MakeRoomAsync(stored, judgement, proposal, cancellationToken);
        return (judgement.Answer, after!);
    }

    /// <summary>
    /// Cancels the runs of a deployment that give way to newer ones which wait for a slot. One that has changed since it was looked at is
    /// looked at again: it may have given its slot back.
    /// </summary>
    public Task CancelOlderAsync(Guid limitId, CancellationToken cancellationToken) =>
        retry.RunAsync<bool>(
            async token =>
            {
                foreach (var run in await limits.Overlaps.OutdatedAsync(limitId, token))
                {
                    // One that waits has nobody who would stop it; the rule which ends such a run at once drops the message.
                    var isIdle = run.StateType == StateType.Scheduled && string.IsNullOrEmpty(run.InfrastructurePid);
                    FlowRunProposal cancel = new()
                    {
                        FlowRunId = run.Id,
                        States = [isIdle ? ProposedStates.Cancelled(GivesWay) : ProposedStates.Cancelling(GivesWay)],
                        Origin = TransitionOrigin.Client,
                        Basis = FlowRunBasis.StateOf(run),
                    };
                    if (await ProposeAsync(cancel, token) is GateAnswer.Moved)
                    {
                        return default;
                    }
                }

                return true;
            },
            cancellationToken
        );

    /// <summary>
    /// A run waits for a slot: cancels older runs, if its deployment does that. An orchestration comes here when its run is in the queue; a
    /// client each time that it asks.
    /// </summary>
    private async Task MakeRoomAsync(
        StoredFlowRun stored,
        Judgement<FlowRun> judgement,
        FlowRunProposal proposal,
        CancellationToken cancellationToken
    )
    {
        if (
            judgement is { CancelsOlder: true, Lease: null, Limits: [var limit], Run.StateName: StateNames.AwaitingConcurrencySlot }
            && (judgement.Answer is GateAnswer.Waits || !proposal.IsQueued(stored))
        )
        {
            await limits.Overlaps.EnterAsync(limit.Id, stored.Run.Id, cancellationToken);
            await CancelOlderAsync(limit.Id, cancellationToken);
        }
    }

    /// <summary>Takes or renews the slots that a judgement rests on; false when it is to be judged again.</summary>
    private async ValueTask<bool> IsPreparedAsync(
        StoredFlowRun stored,
        StoredFlowRun known,
        Judgement<FlowRun> judgement,
        FlowRunProposal proposal,
        CancellationToken cancellationToken
    )
    {
        var isQueued = proposal.IsQueued(stored);
        return ReferenceEquals(judgement.Run, stored.Run)
            ? !isQueued || !await EnterQueueAsync(stored, judgement, cancellationToken)
            : await limits.Book.TryPrepareAsync(
                known.Lease,
                judgement.Lease,
                new SlotOwner(stored.Run.Id),
                judgement.Limits,
                isQueued,
                cancellationToken
            );
    }

    /// <summary>Has a run wait for a slot in turn. True when it is to be judged again at once.</summary>
    private async ValueTask<bool> EnterQueueAsync(
        StoredFlowRun stored,
        Judgement<FlowRun> judgement,
        CancellationToken cancellationToken
    ) =>
        judgement.Answer is GateAnswer.Waits
        && stored.Run.State is { Name: StateNames.AwaitingConcurrencySlot } state
        && (
            await limits.Queue.EnterAsync(
                judgement.Limits,
                new SlotOwner(stored.Run.Id),
                state,
                OutboxEntry.InstanceIdOf(stored.Run.Id, stored.Generation),
                cancellationToken
            ) || await IsReboundAsync(stored.Run, judgement, cancellationToken)
        );

    /// <summary>
    /// Whether the deployment has another limit than the one that the run has just queued for: who changed it looked for waiting runs
    /// before this one was there, and has not told it.
    /// </summary>
    private async ValueTask<bool> IsReboundAsync(FlowRun run, Judgement<FlowRun> judgement, CancellationToken cancellationToken) =>
        run.DeploymentId is { } deploymentId
        && judgement.Limits is [var limit]
        && (await limits.Lookup.OfDeploymentAsync(deploymentId, cancellationToken: cancellationToken))?.Limit?.Id != limit.Id;

    private FlowRunChange ChangeOf(StoredFlowRun stored, Judgement<FlowRun> judgement, FlowRunProposal proposal)
    {
        var run = judgement.Run;
        var last = judgement.Written.Count > 0 ? judgement.Written[^1] : null;
        var isAccepted = judgement.Answer.IsAccepted;
        var isClient = proposal.Origin == TransitionOrigin.Client && last is not null;
        var restarts = isClient && Restarts(stored, last!, proposal.Force);

        // A flow may have been registered (or no longer be) since the run was last started.
        var registered = restarts ? flows.Contains(run.FlowId) : stored.Registered;
        var generation = stored.Generation + (restarts && registered ? 1 : 0);

        List<OutboxEntry> entries = [];
        void Announce(OutboxKind kind) => entries.Add(OutboxRows.Create(ids.NewId(), last!.Timestamp, kind, run.Id, generation, last.Type));
        if (isClient && registered)
        {
            Announce(restarts ? OutboxKind.Start : OutboxKind.StateChanged);
        }

        if (stored.TellsParent && last is not null)
        {
            Announce(OutboxKind.ParentTask);
        }

        // The orchestration of a run of this app ends its children itself; a run that never began has none.
        if (!registered && last is { Type: StateType.Cancelled } && stored.Run.StartTime is not null)
        {
            Announce(OutboxKind.EndChildren);
        }

        return new FlowRunChange
        {
            Before = stored,
            After = stored with { Run = run, Generation = generation, Registered = registered, Lease = judgement.Lease },
            Written = judgement.Written,
            ResultJson = isAccepted ? proposal.ResultJson : null,
            With = isAccepted ? proposal.WithAccepted : [],
            Derived = judgement.Derived,
            Entries = entries,
        };
    }

    /// <summary>
    /// True for a state that asks for another execution: any with which a run leaves its end, and one that is forced on a run
    /// which an orchestration executes, since that one could not go on from it.
    /// </summary>
    private static bool Restarts(StoredFlowRun stored, State entered, bool force) =>
        !entered.Type.IsFinal()
        && (
            (stored.Run.StateType?.IsFinal() ?? true)
            || (force && entered.Type is StateType.Scheduled or StateType.Pending or StateType.Running)
        );

    /// <summary>
    /// True for a step that only the run's orchestration takes. Prefect lets anybody take it, and the client that executes the
    /// run then finds itself overtaken; here the run would be executed by nobody.
    /// </summary>
    private static bool IsTheOrchestrations(StoredFlowRun stored, FlowRunProposal proposal) =>
        stored is { Registered: true, Run.StateType: StateType.Pending or StateType.Running }
        && proposal
            is {
                Origin: TransitionOrigin.Client,
                Force: false,
                States: [{ Type: StateType.Scheduled or StateType.Pending or StateType.Running }, ..]
            };

    private static GateAnswer.Aborted Driven(StoredFlowRun stored) =>
        new(stored.Run.State, "The run belongs to this app: its orchestration sets its states until it is paused or has ended.");
}
