using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>
/// Where runs get their states. Each call loads the run, lets the rules judge what is proposed, and writes run, states, lists, result and
/// outbox entry in one commit. The commit fails when somebody else changed the run meanwhile; then the rules judge again, by what the
/// other wrote.
/// </summary>
public sealed class RunGate
{
    private readonly FlowRunProposals _flowRuns;
    private readonly TaskRunProposals _taskRuns;
    private readonly TaskRunBeginning _beginning;
    private readonly TaskRunCreation _creation;

    internal RunGate(FlowRunProposals flowRuns, TaskRunProposals taskRuns, TaskRunBeginning beginning, TaskRunCreation creation)
    {
        _flowRuns = flowRuns;
        _taskRuns = taskRuns;
        _beginning = beginning;
        _creation = creation;
    }

    /// <summary>Proposes a state for a flow run, on the app's own account.</summary>
    /// <param name="flowRunId">The run.</param>
    /// <param name="proposed">The state.</param>
    /// <param name="origin">Who proposes it.</param>
    /// <param name="basis">What the proposal rests on; when that is not so any more, nothing is written.</param>
    /// <param name="force">True to skip the rules (the minimal policy decides).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RowStoreUnavailableException">The store is unavailable; whether the state was written is unknown.</exception>
    public Task<GateAnswer> ProposeFlowRunStateAsync(
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

    /// <summary>Judges the state that somebody asks for, in whatever state the run is.</summary>
    internal Task<GateAnswer> SetFlowRunStateAsync(
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
    /// accepted and answers for it. The answer is <see cref="GateAnswer.Moved"/> when the run has changed since it was read.
    /// </summary>
    /// <param name="known">The run as it was read or written last.</param>
    /// <param name="proposed">The states.</param>
    /// <param name="generation">Of the proposing orchestration: an outdated one is told to abort.</param>
    /// <param name="resultJson">The run's result, stored in the same commit when the last state is accepted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The answer, and the run as it was written; null when nothing was, and it has to be read again.</returns>
    /// <exception cref="RowStoreUnavailableException">The store is unavailable; whether the states were written is unknown.</exception>
    public async Task<(GateAnswer Answer, FlowRunSnapshot? After)> ProposeFlowRunStatesAsync(
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
            return (new GateAnswer.Superseded(stored.Run.State), null);
        }

        FlowRunProposal proposal = new()
        {
            FlowRunId = stored.Run.Id,
            States = proposed,
            Origin = TransitionOrigin.Orchestrator,
            Basis = FlowRunBasis.Orchestration(generation),
            ResultJson = resultJson,
        };
        if (await _flowRuns.TryProposeAsync(stored, proposal, cancellationToken) is not { } judged)
        {
            return (new GateAnswer.Moved(), null);
        }

        // Where nothing was written, only somebody else's doing can change the answer.
        var isWritten = !ReferenceEquals(judged.After, stored);
        return (judged.Answer, isWritten ? new FlowRunSnapshot(judged.After) : null);
    }

    /// <summary>
    /// Starts an attempt of a task: creates the task run (Pending) if need be and proposes Running, in one commit. Repeating
    /// the call continues the same attempt; a run that has ended answers with its stored outcome. Null when there is
    /// no such flow run.
    /// </summary>
    /// <exception cref="RowStoreUnavailableException">The store is unavailable; whether the attempt was started is unknown.</exception>
    public Task<TaskRunStarted?> BeginTaskRunAsync(TaskRunStart start, CancellationToken cancellationToken = default) =>
        _beginning.BeginAsync(start, cancellationToken);

    /// <summary>Proposes a state for a task run, on the app's own account.</summary>
    /// <param name="flowRunId">The flow run the task run is part of.</param>
    /// <param name="taskRunId">The task run.</param>
    /// <param name="proposed">The state.</param>
    /// <param name="basis">What the proposal rests on; when that is not so any more, the answer is <see cref="GateAnswer.Moved"/>.</param>
    /// <param name="resultJson">The run's result, stored in the same commit when the state is accepted.</param>
    /// <param name="force">True to skip the rules.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RowStoreUnavailableException">The store is unavailable; whether the state was written is unknown.</exception>
    public Task<GateAnswer> ProposeTaskRunStateAsync(
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
        return _taskRuns.ProposeAsync(flowRunId, taskRunId, proposed, resultJson, force, basis, assets: null, cancellationToken);
    }

    /// <summary>Proposes a state for a background task run, on the app's own account.</summary>
    /// <param name="run">The task run.</param>
    /// <param name="proposed">The state.</param>
    /// <param name="basis">What the proposal rests on; when that is not so any more, the answer is <see cref="GateAnswer.Moved"/>.</param>
    /// <param name="force">True to skip the rules.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RowStoreUnavailableException">The store is unavailable; whether the state was written is unknown.</exception>
    public Task<GateAnswer> ProposeBackgroundStateAsync(
        TaskRun run,
        ProposedState proposed,
        TaskRunBasis basis,
        bool force = false,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(basis);
        return _taskRuns.ProposeAsync(
            TaskRunKeys.Home(run),
            run.Id,
            proposed,
            resultJson: null,
            force,
            basis,
            assets: null,
            cancellationToken
        );
    }

    /// <summary>Creates a client's task run, or gives the one that is there for the same flow run, task and dynamic key.</summary>
    /// <param name="request">The run. Without a state it is Pending.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RequestConflictException">There is no such flow run, or the id is that of another task run.</exception>
    public Task<TaskRunCreated> CreateTaskRunAsync(TaskRunCreate request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _creation.CreateAsync(request, cancellationToken);
    }

    /// <summary>Judges the state that a client proposes for a task run.</summary>
    /// <param name="taskRunId">The task run.</param>
    /// <param name="proposed">The state.</param>
    /// <param name="force">True to skip the rules (the minimal policy decides).</param>
    /// <param name="basis">What the proposal rests on; null for any state that the task run may be in.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RowStoreUnavailableException">The store is unavailable; whether the state was written is unknown.</exception>
    internal Task<GateAnswer> SetTaskRunStateAsync(
        Guid taskRunId,
        ProposedState proposed,
        bool force = false,
        TaskRunBasis? basis = null,
        CancellationToken cancellationToken = default
    ) => _taskRuns.SetStateAsync(taskRunId, proposed, force, basis ?? TaskRunBasis.None, cancellationToken);

    /// <summary>
    /// Proposes how an attempt ended that <see cref="BeginTaskRunAsync"/> began. The answer is <see cref="GateAnswer.Moved"/> when the task
    /// run has left the state that the attempt began with.
    /// </summary>
    /// <param name="started">The answer with which the attempt was begun.</param>
    /// <param name="proposed">How it ended.</param>
    /// <param name="resultJson">The run's result, stored in the same commit when the state is accepted.</param>
    /// <param name="assets">The assets that it made; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RowStoreUnavailableException">The store is unavailable; whether the state was written is unknown.</exception>
    public Task<GateAnswer> EndTaskRunAsync(
        TaskRunStarted started,
        ProposedState proposed,
        string? resultJson = null,
        TaskRunAssets? assets = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(started);
        var run = started.TaskRun ?? throw new ArgumentException("The attempt was not begun.", nameof(started));
        return started.Attempt is { } attempt
            ? _taskRuns.EndAsync(attempt, proposed, resultJson, assets, cancellationToken)
            : _taskRuns.ProposeAsync(
                TaskRunKeys.Home(run),
                run.Id,
                proposed,
                resultJson,
                force: false,
                TaskRunBasis.State(run.StateId),
                assets,
                cancellationToken
            );
    }

    internal Task<GateAnswer> ProposeAsync(FlowRunProposal proposal, CancellationToken cancellationToken) =>
        _flowRuns.ProposeAsync(proposal, cancellationToken);
}
