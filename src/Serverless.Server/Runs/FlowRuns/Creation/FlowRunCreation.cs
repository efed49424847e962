using System.Diagnostics;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Events;
using Serverless.Server.Flows;
using Serverless.Server.Outbox;
using Serverless.Server.Runs.Writing;
using Serverless.Server.Telemetry;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>Writes new flow runs: once for each id, and once for each idempotency key of a flow.</summary>
internal sealed class FlowRunCreation(
    IRowStore store,
    RunWriter writer,
    IdempotencyKeys keys,
    CommitRetry retry,
    TimeProvider time,
    IIdGenerator ids,
    RegisteredFlows flows,
    IFlowRunEvents events,
    RunAdmission admission
)
{
    /// <summary>Creates the run that <paramref name="draft"/> describes; its id is used unless a key is reserved under another.</summary>
    /// <exception cref="OverloadedException">The run belongs to this app, and too many wait for that.</exception>
    public async Task<FlowRunCreated> CreateAsync(
        FlowRun draft,
        ProposedState state,
        Guid? parentFlowRunId,
        CancellationToken cancellationToken
    )
    {
        if (flows.TryGet(draft.FlowId, out _) && !state.Type.IsFinal())
        {
            await admission.AdmitAsync(cancellationToken);
        }

        if (draft.IdempotencyKey is not { } key)
        {
            return await TryCreateAsync(draft, state, TransitionOrigin.Client, parentFlowRunId, isNew: true, cancellationToken)
                ?? throw new RequestConflictException($"Error creating flow run: the run {draft.Id} was deleted.");
        }

        Guid? deleted = null;
        return await retry.RunAsync<FlowRunCreated>(
            async token =>
            {
                var id = await keys.ReserveAsync(draft.FlowId, key, draft.Id, deleted, token);

                // A reservation without a run is that of a creator that crashed or is about to continue. The first to come creates it.
                deleted = id;
                var reserved = draft with { Id = id };
                return await TryCreateAsync(reserved, state, TransitionOrigin.Client, parentFlowRunId, isNew: false, token) is { } created
                    ? created
                    : default(TryResult<FlowRunCreated>);
            },
            cancellationToken
        );
    }

    /// <summary>Creates the run, or gives the one of that id; null when that one was deleted and is not purged yet.</summary>
    /// <param name="draft">The run.</param>
    /// <param name="state">Its first state.</param>
    /// <param name="origin">Who creates it.</param>
    /// <param name="parentFlowRunId">For a subflow: the run that its parent task run is part of.</param>
    /// <param name="isNew">True when the id has just been drawn: then the store is not asked first.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="parent">The span that the run goes under; the default for the caller's.</param>
    public Task<FlowRunCreated?> TryCreateAsync(
        FlowRun draft,
        ProposedState state,
        TransitionOrigin origin,
        Guid? parentFlowRunId,
        bool isNew,
        CancellationToken cancellationToken,
        ActivityContext parent = default
    )
    {
        var look = !isNew;
        return retry.RunAsync<FlowRunCreated?>(
            async token =>
            {
                if (look && await store.GetAsync(RunKeys.FlowRun(draft.Id), token) is { } row)
                {
                    return StoredFlowRun.From(row) is { } stored ? new FlowRunCreated(stored.Run, Created: false) : null;
                }

                look = true;
                return await WriteAsync(draft, state, origin, parentFlowRunId, parent, token) is { } run
                    ? new FlowRunCreated(run, Created: true)
                    : default(TryResult<FlowRunCreated?>);
            },
            cancellationToken
        );
    }

    /// <summary>Writes the run; null when there is one of that id.</summary>
    private async Task<FlowRun?> WriteAsync(
        FlowRun draft,
        ProposedState state,
        TransitionOrigin origin,
        Guid? parentFlowRunId,
        ActivityContext parent,
        CancellationToken cancellationToken
    )
    {
        var now = WireClock.Now(time);
        var registered = flows.TryGet(draft.FlowId, out var flow);
        var run = draft with
        {
            Created = now,
            Updated = now,
            Name = draft.Name.Length > 0 ? draft.Name : flow?.NameRun?.Invoke(draft.Parameters) ?? RunNames.For(draft.Id),
            EmpiricalPolicy = flow is not null && draft.EmpiricalPolicy.EffectiveRetries is null ? flow.Policy : draft.EmpiricalPolicy,
        };
        var outcome = FlowRunGate.Evaluate(run, state, new FlowTransitionFacts(now, ids), MinimalFlowPolicy.Instance);
        var written = outcome.Written ?? throw new RequestConflictException($"Error creating flow run: {outcome.Reason}");
        run = outcome.Run;

        using var creating = registered ? RunSpans.StartCreate(flow!.Name, run.Id, parent) : null;
        var tellsParent = origin == TransitionOrigin.Client && run.ParentTaskRunId is not null;
        List<OutboxEntry> entries = [];
        void Announce(OutboxKind kind, int generation) =>
            entries.Add(OutboxRows.Create(ids.NewId(), now, kind, run.Id, generation, written.Type));
        if (registered && origin == TransitionOrigin.Client && !written.Type.IsFinal())
        {
            Announce(OutboxKind.Start, generation: 1);
        }

        if (tellsParent)
        {
            Announce(OutboxKind.ParentTask, registered ? 1 : 0);
        }

        FlowRunChange change = new()
        {
            After = new StoredFlowRun(run, registered ? 1 : 0, registered, parentFlowRunId, tellsParent, outcome.Lease, "", RunHistory.None)
            {
                Trace = registered && TraceText.OfCurrent() is { } trace ? new RunTrace(trace) : null,
            },
            Written = [written],
            Derived = outcome.Change is { } told ? [.. events.RowsOf(told)] : [],
            Entries = entries,
        };
        return (await writer.TryWriteAsync(change, cancellationToken)).Succeeded ? run : null;
    }
}
