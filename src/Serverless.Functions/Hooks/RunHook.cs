using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Serverless.Core.Text;
using Serverless.Flows;
using Serverless.Flows.Hosting;
using Serverless.Server.Logs;
using Serverless.Storage;

namespace Serverless.Functions.Hooks;

/// <summary>Calls one hook of a run.</summary>
/// <param name="hooked">Reads what the hook is told.</param>
/// <param name="logs">The run's log, which has the hook's lines when it has ended.</param>
/// <param name="sink">Where the hook's log records go.</param>
/// <param name="services">Builds the classes that hooks are methods of.</param>
/// <param name="store">Waited for before the hook is called: what that does is seen outside.</param>
/// <param name="time">The clock of log records.</param>
public sealed class RunHook(
    HookedRuns hooked,
    RunLogs logs,
    IRunLogSink sink,
    IServiceProvider services,
    IRowStore store,
    TimeProvider time
)
{
    /// <summary>The activity. Repeated after a crash, it calls the hook again.</summary>
    [Function(nameof(RunHook))]
    public async Task<RunHookResult> RunAsync([ActivityTrigger] RunHookInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (await hooked.ReadAsync(input.Start, cancellationToken) is not { } run || run.Attempt < input.RunCount)
        {
            return new RunHookResult(About: input.About);
        }

        var hooks = HookEvents.HooksOf(run.Definition, input);
        if (input.Position >= hooks.Count)
        {
            return new RunHookResult(About: input.About);
        }

        await store.WhenDurableAsync(cancellationToken);
        var succeeded = await CallAsync(hooks[input.Position], run, input, cancellationToken);
        await logs.FlushAsync(run.Run.FlowRunId, run.TaskRun?.TaskRunId ?? Guid.Empty, cancellationToken);
        return new RunHookResult(input.Position + 1 < hooks.Count, !succeeded, input.About);
    }

    private async Task<bool> CallAsync(HookDefinition hook, HookedRun run, RunHookInput input, CancellationToken cancellationToken)
    {
        var flowRunId = run.Run.FlowRunId;
        var logger = run.TaskRun is { } taskRun
            ? RunLogger.ForTaskRun(sink, time, flowRunId, taskRun.TaskRunId)
            : RunLogger.ForFlowRun(sink, time, flowRunId);
        HookContext context = new()
        {
            Run = run.Run,
            TaskRun = run.TaskRun,
            State = run.State.ToRunState(run.ResultJson),
            Logger = logger,
            IdempotencyKey = $"{run.State.Id:N}-{hook.Event}-{hook.Name}",
            Values = input.Values,
            CancellationToken = cancellationToken,
        };

        // What the hook writes itself, if anything, is durable when it is answered.
        using var own = DeferredCommits.Suspend();
        try
        {
            // On a thread of its own: it may block.
            await Task.Run(() => hook.InvokeAsync(services, context), CancellationToken.None);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops: the next one calls the hook again.
            throw;
        }
#pragma warning disable CA1031 // Whatever the author's hook throws changes nothing about the run.
        catch (Exception error)
#pragma warning restore CA1031
        {
            logger.LogError(error, "Hook '{Hook}' failed: {Reason}", hook.Name, ExceptionText.MessageOf(error));
            return false;
        }
    }
}
