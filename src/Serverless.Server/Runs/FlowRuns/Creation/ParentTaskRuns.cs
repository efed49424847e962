using Serverless.Core.Transitions;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>
/// The task runs that stand for the subflows of remote clients (Prefect's UpdateSubflowParentTask). A subflow and its parent are two
/// partitions; the outbox carries the news from one to the other.
/// </summary>
public sealed class ParentTaskRuns
{
    private readonly RunReader _reader;
    private readonly RunGate _gate;
    private readonly CommitRetry _retry;

    internal ParentTaskRuns(RunReader reader, RunGate gate, CommitRetry retry)
    {
        _reader = reader;
        _gate = gate;
        _retry = retry;
    }

    /// <summary>
    /// Has the task run that stands for a subflow follow its state. Repeating it, also late and out of order, changes nothing more: the
    /// task run takes the state that the subflow is in.
    /// </summary>
    /// <param name="flowRunId">The subflow's run.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The task run's flow run, if that is executed here: its orchestration gives the task run its states.</returns>
    /// <exception cref="RowStoreUnavailableException">The store is unavailable; whether the state was written is unknown.</exception>
    public async Task<ParentOfRun?> FollowAsync(Guid flowRunId, CancellationToken cancellationToken = default)
    {
        ParentOfRun? parent = null;
        await _retry.RunAsync<bool>(
            async token =>
            {
                parent = await ParentAsync(flowRunId, token);
                return parent is not null || await IsFollowedAsync(flowRunId, token) ? true : default(TryResult<bool>);
            },
            cancellationToken
        );
        return parent;
    }

    /// <summary>The flow run of this app that asked for the run; null for none.</summary>
    private async Task<ParentOfRun?> ParentAsync(Guid flowRunId, CancellationToken cancellationToken) =>
        await _reader.FlowRunAsync(flowRunId, cancellationToken) is { Run.ParentTaskRunId: { } taskRunId }
        && await _reader.TaskRunAsync(taskRunId, cancellationToken) is { FlowRun: { Registered: true } flowRun }
            ? new ParentOfRun(flowRun.Run.Id, flowRun.Generation, taskRunId)
            : null;

    private async Task<bool> IsFollowedAsync(Guid flowRunId, CancellationToken cancellationToken)
    {
        // The subflow is read once more after the task run: what is written then is never older than what it is written over.
        if (
            await _reader.FlowRunAsync(flowRunId, cancellationToken) is not { Run.ParentTaskRunId: { } taskRunId }
            || await _reader.TaskRunAsync(taskRunId, cancellationToken)
                is not { FlowRun: null or { Registered: false }, TaskRun: { } taskRun }
            || await _reader.FlowRunAsync(flowRunId, cancellationToken) is not { Run: { State: { } state } subflow }
            || taskRun.State?.StateDetails is { } details && details.ChildFlowRunId == flowRunId && details.TransitionId == state.Id
        )
        {
            // Deleted, or following already.
            return true;
        }

        var mirrored = UpdateSubflowParentTask.StateFor(subflow)!;
        var answer = await _gate.SetTaskRunStateAsync(
            taskRunId,
            mirrored,
            force: true,
            basis: TaskRunBasis.State(taskRun.StateId),
            cancellationToken: cancellationToken
        );
        return answer is not GateAnswer.Moved;
    }
}
