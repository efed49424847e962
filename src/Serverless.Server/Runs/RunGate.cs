using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Concurrency;
using Serverless.Server.Flows;
using Serverless.Server.Outbox;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>
/// The only writer of states of flow runs. Each call loads the run, lets the rules judge what is proposed, and writes run,
/// states, lists, result and outbox entry in one commit that fails when somebody else changed the run meanwhile; then
/// the rules judge again, against what the other wrote.
/// </summary>
public sealed class RunGate
{
    /// <summary>The answer to a proposal that rested on a state which the run has left.</summary>
    public static readonly OrchestrationResult Moved = new()
    {
        State = null,
        Status = SetStateStatus.Abort,
        Details = new StateAbortDetails("The run has changed meanwhile."),
    };

    private readonly RunWriter _writer;
    private readonly IIdGenerator _ids;
    private readonly RegisteredFlows _flows;
    private readonly ConcurrencyLimits _limits;
    private readonly FlowRunJudge _judge;
    private readonly RunReader _reader;
    private readonly TaskRunTransitions _taskRuns;

    internal RunGate(
        RunWriter writer,
        RunReader reader,
        FlowRunJudge judge,
        TaskRunTransitions taskRuns,
        IIdGenerator ids,
        RegisteredFlows flows,
        ConcurrencyLimits limits
    )
    {
        _writer = writer;
        _reader = reader;
        _judge = judge;
        _taskRuns = taskRuns;
        _ids = ids;
        _flows = flows;
        _limits = limits;
    }

    /// <summary>Proposes a state for a flow run, on the app's own account; null when there is no such run.</summary>
    /// <param name="flowRunId">The run.</param>
    /// <param name="proposed">The state.</param>
    /// <param name="origin">Who proposes it.</param>
    /// <param name="basis">What the proposal rests on; when that is not so any more, nothing is written.</param>
    /// <param name="force">True to skip the rules (the minimal policy decides).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RowStoreUnavailableException">The store is unavailable; whether the state was written is unknown.</exception>
    public Task<OrchestrationResult?> ProposeFlowRunStateAsync(
        Guid flowRunId,
        ProposedState proposed,
        TransitionOrigin origin,
        FlowRunBasis basis,
        bool force = false,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(basis);
        return ProposeAsync(
            new FlowRunProposal
            {
                FlowRunId = flowRunId,
                States = [proposed],
                Origin = origin,
                Force = force,
                Basis = basis,
            },
            cancellationToken
        );
    }

    /// <summary>Judges the state that somebody asks for, in whatever state the run is; null when there is no such run.</summary>
    internal Task<OrchestrationResult?> SetFlowRunStateAsync(
        Guid flowRunId,
        ProposedState proposed,
        bool force = false,
        ClientVersion? client = null,
        FlowRunBasis? basis = null,
        CancellationToken cancellationToken = default
    ) =>
        ProposeAsync(
            new FlowRunProposal
            {
                FlowRunId = flowRunId,
                States = [proposed],
                Origin = TransitionOrigin.Client,
                Force = force,
                Client = client,
                Basis = basis ?? FlowRunBasis.None,
            },
            cancellationToken
        );

    /// <summary>
    /// Proposes states one after the other, in one commit, for the orchestration that drives the run; stops at the first that is not
    /// accepted and answers for it. The answer is <see cref="Moved"/> when the run has changed since it was read.
    /// </summary>
    /// <param name="known">The run as it was read or written last.</param>
    /// <param name="proposed">The states.</param>
    /// <param name="generation">Of the proposing orchestration: an outdated one is told to abort.</param>
    /// <param name="resultJson">The run's result, stored in the same commit when the last state is accepted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RowStoreUnavailableException">The store is unavailable; whether the states were written is unknown.</exception>
    public async Task<FlowRunTransition> ProposeFlowRunStatesAsync(
        FlowRunSnapshot known,
        IReadOnlyList<ProposedState> proposed,
        int generation,
        string? resultJson = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(known);
        var stored = known.Stored;
        if (generation != stored.Generation)
        {
            return new FlowRunTransition(Superseded(stored), null);
        }

        FlowRunProposal proposal = new()
        {
            FlowRunId = stored.Run.Id,
            States = proposed,
            Origin = TransitionOrigin.Orchestrator,
            Basis = FlowRunBasis.Orchestration(generation),
            ResultJson = resultJson,
        };
        if (await TryProposeAsync(stored, proposal, cancellationToken) is not { } transition)
        {
            return new FlowRunTransition(Moved, null);
        }

        // Where nothing was written, only somebody else's doing can change the answer.
        var isWritten = !ReferenceEquals(transition.After, stored);
        return new FlowRunTransition(transition.Result, isWritten ? new FlowRunSnapshot(transition.After) : null);
    }

    /// <summary>
    /// Starts an attempt of a task: creates the task run (Pending) if need be and proposes Running, in one commit. Repeating
    /// the call goes on with the same attempt; a run that has ended answers with its stored outcome. Null when there is
    /// no such flow run.
    /// </summary>
    /// <exception cref="RowStoreUnavailableException">The store is unavailable; whether the attempt was started is unknown.</exception>
    public Task<TaskRunStarted?> BeginTaskRunAsync(TaskRunStart start, CancellationToken cancellationToken = default) =>
        _taskRuns.BeginAsync(start, cancellationToken);

    /// <summary>Proposes a state for a task run, on the app's own account; null when there is no such task run or flow run.</summary>
    /// <param name="flowRunId">The flow run the task run is part of.</param>
    /// <param name="taskRunId">The task run.</param>
    /// <param name="proposed">The state.</param>
    /// <param name="basis">What the proposal rests on; when that is not so any more, the answer is <see cref="Moved"/>.</param>
    /// <param name="resultJson">The run's result, stored in the same commit when the state is accepted.</param>
    /// <param name="force">True to skip the rules.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RowStoreUnavailableException">The store is unavailable; whether the state was written is unknown.</exception>
    public Task<OrchestrationResult?> ProposeTaskRunStateAsync(
        Guid flowRunId,
        Guid taskRunId,
        ProposedState proposed,
        TaskRunBasis basis,
        string? resultJson = null,
        bool force = false,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(basis);
        return _taskRuns.ProposeAsync(flowRunId, taskRunId, proposed, resultJson, force, basis, cancellationToken);
    }

    /// <summary>Creates a client's task run, or gives the one that is there for the same flow run, task and dynamic key.</summary>
    /// <param name="request">The run. Without a state it is Pending.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RequestConflictException">There is no such flow run, or the id is that of another task run.</exception>
    public Task<TaskRunCreated> CreateTaskRunAsync(TaskRunCreate request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _taskRuns.CreateAsync(request, cancellationToken);
    }

    /// <summary>Judges the state that a client proposes for a task run; null when there is no such task run.</summary>
    /// <param name="taskRunId">The task run.</param>
    /// <param name="proposed">The state.</param>
    /// <param name="force">True to skip the rules (the minimal policy decides).</param>
    /// <param name="basis">What the proposal rests on; null for any state that the task run may be in.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RowStoreUnavailableException">The store is unavailable; whether the state was written is unknown.</exception>
    internal Task<OrchestrationResult?> SetTaskRunStateAsync(
        Guid taskRunId,
        ProposedState proposed,
        bool force = false,
        TaskRunBasis? basis = null,
        CancellationToken cancellationToken = default
    ) => _taskRuns.SetStateAsync(taskRunId, proposed, force, basis ?? TaskRunBasis.None, cancellationToken);

    /// <summary>
    /// Proposes how an attempt ended that <see cref="BeginTaskRunAsync"/> began; null when there is no such task run or flow run,
    /// <see cref="Moved"/> when the task run has left the state that the attempt began with.
    /// </summary>
    /// <param name="started">The answer with which the attempt was begun.</param>
    /// <param name="proposed">How it ended.</param>
    /// <param name="resultJson">The run's result, stored in the same commit when the state is accepted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RowStoreUnavailableException">The store is unavailable; whether the state was written is unknown.</exception>
    public Task<OrchestrationResult?> EndTaskRunAsync(
        TaskRunStarted started,
        ProposedState proposed,
        string? resultJson = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(started);
        var run = started.TaskRun ?? throw new ArgumentException("The attempt was not begun.", nameof(started));
        return started.Attempt is { } attempt
            ? _taskRuns.EndAsync(attempt, proposed, resultJson, cancellationToken)
            : _taskRuns.ProposeAsync(
                run.FlowRunId ?? throw new ArgumentException("The task run has no flow run.", nameof(started)),
                run.Id,
                proposed,
                resultJson,
                force: false,
                TaskRunBasis.State(run.StateId),
                cancellationToken
            );
    }

    internal async Task<OrchestrationResult?> ProposeAsync(FlowRunProposal proposal, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await _reader.FlowRunAsync(proposal.FlowRunId, cancellationToken) is not { } stored)
            {
                return null;
            }

            if (!proposal.Basis.Holds(stored))
            {
                return proposal.Basis.IsSuperseded(stored) ? Superseded(stored) : Moved;
            }

            if (IsTheOrchestrations(stored, proposal))
            {
                return Driven(stored);
            }

            if (await TryProposeAsync(stored, proposal, cancellationToken) is { } transition)
            {
                return transition.Result;
            }
        }
    }

    /// <summary>Judges by the run as it is known, and writes what was judged; null when the run has changed since.</summary>
    private async ValueTask<(OrchestrationResult Result, StoredFlowRun After)?> TryProposeAsync(
        StoredFlowRun stored,
        FlowRunProposal proposal,
        CancellationToken cancellationToken
    )
    {
        var known = stored;
        SlotOwner owner = new(stored.Run.Id);
        var isQueued = proposal.IsQueued(stored);
        Judgement<FlowRun> judgement;
        while (true)
        {
            judgement = await _judge.JudgeAsync(known, proposal, cancellationToken);
            if (ReferenceEquals(judgement.Run, stored.Run))
            {
                if (isQueued && await EnterQueueAsync(stored, judgement, cancellationToken))
                {
                    continue;
                }

                return (judgement.Result, stored);
            }

            if (await _limits.Book.TryPrepareAsync(known.Lease, judgement.Lease, owner, judgement.Limits, isQueued, cancellationToken))
            {
                break;
            }

            // Somebody else took the slot; or the lease was to be renewed and is gone: then the run holds nothing any more.
            known = judgement.Lease?.Id == known.Lease?.Id ? known with { Lease = null } : known;
        }

        (var isWritten, var after) = await _writer.TryWriteAsync(ChangeOf(known, judgement, proposal), cancellationToken);
        if (!isWritten)
        {
            await _limits.UndoAsync(known.Lease, judgement.Lease, cancellationToken);
            return null;
        }

        await (
            judgement.Lease is null
                ? _limits.OnGoneAsync(stored, cancellationToken)
                : _limits.OnWrittenAsync(stored.Lease, judgement.Lease, cancellationToken)
        );

        return (judgement.Result, after!);
    }

    private async ValueTask<bool> EnterQueueAsync(
        StoredFlowRun stored,
        Judgement<FlowRun> judgement,
        CancellationToken cancellationToken
    ) =>
        judgement.Result.Status == SetStateStatus.Wait
        && stored.Run.State is { Name: StateNames.AwaitingConcurrencySlot } state
        && await _limits.Queue.EnterAsync(
            judgement.Limits,
            new SlotOwner(stored.Run.Id),
            state,
            OutboxEntry.InstanceIdOf(stored.Run.Id, stored.Generation),
            cancellationToken
        );

    private FlowRunChange ChangeOf(StoredFlowRun stored, Judgement<FlowRun> judgement, FlowRunProposal proposal)
    {
        var run = judgement.Run;
        var last = judgement.Written.Count > 0 ? judgement.Written[^1] : null;
        var isAccepted = judgement.Result.Status == SetStateStatus.Accept;
        var isClient = proposal.Origin == TransitionOrigin.Client && last is not null;
        var restarts = isClient && Restarts(stored, last!, proposal.Force);

        // A flow may have been registered (or no longer be) since the run was last started.
        var registered = restarts ? _flows.Contains(run.FlowId) : stored.Registered;
        var generation = stored.Generation + (restarts && registered ? 1 : 0);

        List<OutboxEntry> entries = [];
        void Announce(OutboxKind kind) =>
            entries.Add(OutboxRows.Create(_ids.NewId(), last!.Timestamp, kind, run.Id, generation, last.Type));
        if (isClient && registered)
        {
            Announce(restarts ? OutboxKind.Start : OutboxKind.StateChanged);
        }

        if (stored.TellsParent && last is not null)
        {
            Announce(OutboxKind.ParentTask);
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

    private static OrchestrationResult Driven(StoredFlowRun stored) =>
        new()
        {
            State = stored.Run.State,
            Status = SetStateStatus.Abort,
            Details = new StateAbortDetails("The run is executed here: its orchestration sets its states until it is paused or has ended."),
        };

    private static OrchestrationResult Superseded(StoredFlowRun stored) =>
        new()
        {
            State = stored.Run.State,
            Status = SetStateStatus.Abort,
            Details = new StateAbortDetails("The run was started again: this orchestration no longer drives it."),
        };
}
