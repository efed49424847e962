using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using Serverless.Core.Ids;
using Serverless.Functions.FlowRuns;
using Serverless.Server.Runs;

namespace Serverless.Functions.Transactions;

/// <summary>
/// Begins a transaction with a key: a task run that stands for it, whose cache key is the transaction's. So the rules of the cache say
/// whether it is done already, and whose turn it is; and it ends with its flow run at the latest.
/// </summary>
/// <param name="gate">The only writer of states.</param>
/// <param name="time">The clock of waits.</param>
public sealed class BeginTransaction(RunGate gate, TimeProvider time)
{
    /// <summary>The activity. Repeated, it finds what it has begun.</summary>
    [Function(nameof(BeginTransaction))]
    public async Task<BeginTransactionResult> RunAsync([ActivityTrigger] BeginTransactionInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (flow, runCount, call) = input;
        BeginTransactionResult result = new(StableIds.TaskRun(flow.FlowRunId, call.Key, call.DynamicKey));
        var dynamicKey = call.DynamicKey.ToString(CultureInfo.InvariantCulture);
        var started = await gate.BeginTaskRunAsync(
            new TaskRunStart
            {
                FlowRunId = flow.FlowRunId,
                TaskRunId = result.TaskRunId,
                Name = $"{call.Key}-{dynamicKey}",
                TaskKey = call.Key,
                DynamicKey = dynamicKey,
                Basis = FlowRunBasis.Attempt(flow.Generation, runCount),
                Caching = new TaskRunCaching(call.Key, call.Overwrite, call.Serializable),
            },
            cancellationToken
        );
        return started switch
        {
            null => result with { Outcome = Outcomes.Deleted(result.TaskRunId) },
            { Kind: TaskRunStartKind.Begun, TaskRun: { } run } => result with { StateId = run.StateId },
            { Kind: TaskRunStartKind.Ended, TaskRun.State: { } ended } => result with
            {
                Outcome = Outcomes.Of(result.TaskRunId, ended, started.StoredResultJson),
            },
            { Answer: GateAnswer.Waits wait } => result with { AskAt = time.GetUtcNow().AddSeconds(Math.Max(wait.DelaySeconds, 1)) },
            { Kind: TaskRunStartKind.Stopped } => result with { Outcome = Outcomes.Refused(result.TaskRunId, started.Reason) },
            _ => result,
        };
    }
}
