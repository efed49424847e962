using Microsoft.Azure.Functions.Worker;
using Serverless.Core.States;
using Serverless.Functions.Engine;
using Serverless.Server.Runs;

namespace Serverless.Functions.Transactions;

/// <summary>
/// Ends a transaction with a key: its task run completes with the result that is kept, or is rolled back and leaves none. That is the end
/// of its turn, too.
/// </summary>
/// <param name="gate">The only writer of states.</param>
/// <param name="runs">The stored task runs.</param>
/// <param name="time">The clock of expirations.</param>
public sealed class EndTransaction(RunGate gate, TaskRunService runs, TimeProvider time)
{
    private const string RolledBack = "The transaction was rolled back.";

    /// <summary>The activity; false when somebody else has ended the task run. Repeated, it finds what it has ended.</summary>
    [Function(nameof(EndTransaction))]
    public async Task<Answered<bool>> RunAsync([ActivityTrigger] Asked<EndTransactionInput> asked, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asked);
        return asked.Answer(await EndAsync(asked.Input, cancellationToken));
    }

    private async Task<bool> EndAsync(EndTransactionInput input, CancellationToken cancellationToken)
    {
        var end = input.End;
        var commits = end.ResultJson is not null;
        StateDetails kept = new() { CacheKey = end.Key, CacheExpiration = time.GetUtcNow() + end.Expiration };
        var answer = await gate.ProposeTaskRunStateAsync(
            input.Start.FlowRunId,
            end.TaskRunId,
            commits ? ProposedStates.Completed() with { StateDetails = kept } : ProposedStates.RolledBack(RolledBack),
            TaskRunBasis.State(end.StateId),
            end.ResultJson,
            force: !commits,
            cancellationToken: cancellationToken
        );
        return answer.IsAccepted
            || await runs.GetAsync(end.TaskRunId, cancellationToken) is { StateType: StateType.Completed } run
                && (run.StateName == StateNames.RolledBack) != commits;
    }
}
