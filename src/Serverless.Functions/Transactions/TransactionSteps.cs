using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Serverless.Core.States;
using Serverless.Flows.Hosting;
using Serverless.Functions.Engine;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.Hooks;

namespace Serverless.Functions.Transactions;

/// <summary>Ends the transactions of one orchestration with durable operations, also when its run is stopped.</summary>
internal sealed class TransactionSteps(
    TaskOrchestrationContext context,
    OwnActivities activities,
    FlowRunStart start,
    int runCount,
    RunWatch watch,
    RecordedCalls recorded,
    ILogger logger
) : ITransactionEngine
{
    private readonly HashSet<Task> _open = [];
    private readonly TaskCompletionSource _graceOver = new();

    public Task GraceOver => _graceOver.Task;

    public void HoldOpen(Task transaction) => _ = ForgetWhenDoneAsync(transaction);

    public Task<TransactionBeginning> BeginAsync(TransactionCall call) => watch.UnlessStopped(() => BeginInTurnAsync(call));

    public async Task EndAsync(TransactionEnd end)
    {
        EndTransactionInput input = new(start, end);
        if (!await recorded.AskAsync<EndTransactionInput, bool>(nameof(EndTransaction), input, end.Key))
        {
            logger.LogError("The task run of {Transaction} was ended by somebody else: its result is not kept.", end.Key);
        }
    }

    public Task<bool> CallHooksAsync(TransactionHooks call) =>
        HookLoop.RunAsync(
            activities,
            new RunHookInput(new HookStart(start.FlowRunId, start.Generation, call.TaskRunId, call.StateId, StateType.Completed))
            {
                Event = call.Event,
                RunCount = runCount,
                Values = call.Values,
            },
            recorded
        );

    public Task MarkRolledBackAsync(IReadOnlyList<Guid> taskRunIds) =>
        activities.CallAsync<int>(nameof(RollBackTaskRuns), new RollBackTaskRunsInput(start, runCount, taskRunIds));

    /// <summary>The run is stopped: gives the open transactions time to roll back.</summary>
    /// <param name="leavesCalls">Whether calls are left behind that have not ended.</param>
    public async Task StopAsync(bool leavesCalls)
    {
        if (leavesCalls)
        {
            _graceOver.TrySetResult();
        }

        if (_open.Count == 0)
        {
            return;
        }

        using CancellationTokenSource timer = new();
        var grace = context.WaitAsync(OrchestratedFlowEngine.StopGrace, timer.Token);
        await Task.WhenAny(Task.WhenAll(_open.ToList()), grace);
        timer.Cancel();
        if (_open.Count > 0)
        {
            logger.LogError(
                "The run ends although {Count} transaction(s) are not rolled back yet: there were {Seconds} seconds for it.",
                _open.Count,
                OrchestratedFlowEngine.StopGrace.TotalSeconds
            );
        }
    }

    private async Task<TransactionBeginning> BeginInTurnAsync(TransactionCall call)
    {
        BeginTransactionInput input = new(start, runCount, call);
        while (true)
        {
            await watch.WhenOpen;
            var answer = await activities.CallAsync<BeginTransactionResult>(nameof(BeginTransaction), input, recorded.OptionsFor(call.Key));
            await recorded.CheckAsync(answer, answer.TaskRunId, call.Key, call.DynamicKey);
            if (answer is { StateId: not null } or { Outcome: not null })
            {
                return new TransactionBeginning(answer.TaskRunId, answer.StateId, answer.Outcome);
            }

            if (answer.AskAt is { } again)
            {
                await watch.DelayAsync(again, answer.TaskRunId);
            }
            else
            {
                await watch.WhenResumedAsync();
            }

            watch.Stopping.ThrowIfCancellationRequested();
        }
    }

    private async Task ForgetWhenDoneAsync(Task transaction)
    {
        _open.Add(transaction);
        await transaction.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _open.Remove(transaction);
    }
}
