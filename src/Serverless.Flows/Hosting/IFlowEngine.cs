using Microsoft.Extensions.Logging;

namespace Serverless.Flows.Hosting;

/// <summary>
/// What carries out the calls of a running flow. Implemented by the hosts' orchestrator, and by test doubles;
/// authors use <see cref="FlowContext"/>. Every member is deterministic: a replay of the flow makes the same
/// calls in the same order and sees the same answers. Every call comes to an end: when the run is cancelled or times out,
/// the open ones end with <see cref="OperationCanceledException"/>, since a flow waits for its open calls before it ends.
/// </summary>
public interface IFlowEngine : IRunServices
{
    /// <summary>The run that the flow body executes.</summary>
    FlowRunInfo Run { get; }

    /// <summary>The orchestration's time (UTC); the same on every replay.</summary>
    DateTimeOffset UtcNow { get; }

    /// <summary>The run's log; silent while the flow is replayed.</summary>
    ILogger Logger { get; }

    /// <summary>Cancelled when the run is cancelled or timed out.</summary>
    CancellationToken CancellationToken { get; }

    /// <summary>Ends transactions.</summary>
    ITransactionEngine Transactions { get; }

    /// <summary>Receives and sends inputs.</summary>
    IInputEngine Inputs { get; }

    /// <summary>A new id; the same on every replay.</summary>
    Guid NewGuid();

    /// <summary>Starts one task run and completes when it is final (after all retries). Never faults for a failed task.</summary>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    Task<CallOutcome> CallTaskAsync(TaskInvocation invocation);

    /// <summary>
    /// Starts one task run for each invocation, all of the same task, possibly batched into sub-orchestrations;
    /// returns the batches, in the order of the invocations. An invocation is made when it is asked for: it is not worth keeping.
    /// </summary>
    IReadOnlyList<CallBatch> MapTask(IReadOnlyList<TaskInvocation> invocations);

    /// <summary>Starts a subflow run and completes when it is final.</summary>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    Task<CallOutcome> CallFlowAsync(FlowInvocation invocation);

    /// <summary>
    /// Creates a run of a deployment, and unless <see cref="DeploymentInvocation.Waits"/> is false completes when it is final or its
    /// deadline has passed. What keeps the run from being created is a Failed outcome without a state id.
    /// </summary>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    Task<CallOutcome> RunDeploymentAsync(DeploymentInvocation invocation);

    /// <summary>Creates a run of a task in the background, which the flow does not wait for.</summary>
    /// <returns>The task run's id.</returns>
    /// <exception cref="InvalidOperationException">Somebody else has a task run of that task and key.</exception>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    Task<Guid> DelayTaskAsync(BackgroundInvocation invocation);

    /// <summary>Waits on a durable timer; a cancelled one is open no longer.</summary>
    /// <param name="duration">How long; positive.</param>
    /// <param name="cancellationToken">The author's token.</param>
    /// <exception cref="OperationCanceledException">The token is cancelled, or the flow run is being cancelled.</exception>
    Task SleepAsync(TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>
    /// Pauses (or, with <see cref="PauseRequest.Suspend"/>, suspends) the run until it is resumed; returns the JSON of the
    /// run input, or null when the request asks for none.
    /// </summary>
    /// <param name="request">What the flow waits for.</param>
    /// <param name="cancellationToken">The author's token; cancelling it takes this pause back: the run goes on.</param>
    /// <exception cref="PauseTimeoutException">Nobody resumed the run in time.</exception>
    /// <exception cref="OperationCanceledException">The token is cancelled, or the flow run is being cancelled.</exception>
    Task<string?> PauseAsync(PauseRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Takes note that the body goes on and on without waiting, and is left behind: none of its waits ends any more, and the engine ends
    /// the run.
    /// </summary>
    /// <param name="reason">Why, for people.</param>
    void GiveUp(string reason);

    /// <summary>Reads the value of a task from its result storage, as JSON.</summary>
    /// <exception cref="StoredResultException">It is not there any more.</exception>
    /// <exception cref="PayloadLimitException">It is larger than what a history takes.</exception>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    Task<string> ReadStoredAsync(StoredResult stored);
}
