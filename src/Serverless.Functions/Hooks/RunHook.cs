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
    /// <summary>The activity; true when there is another hook after this one. Repeated after a crash, it calls the hook again.</summary>
    [Function(nameof(RunHook))]
    public async Task<bool> RunAsync([ActivityTrigger] RunHookInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (await hooked.ReadAsync(input.Start, cancellationToken) is not { } run)
        {
            return false;
        }

        var hooks = HookEvents.HooksOf(run.Definition, input.Start.Type);
        if (input.Position >= hooks.Count)
        {
            return false;
        }

        await store.WhenDurableAsync(cancellationToken);
        await CallAsync(hooks[input.Position], run, cancellationToken);
        await logs.FlushAsync(run.Run.FlowRunId, cancellationToken);
        return input.Position + 1 < hooks.Count;
    }

    private async Task CallAsync(HookDefinition hook, HookedRun run, CancellationToken cancellationToken)
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
            IdempotencyKey = $"{run.State.Id:N}-{hook.Name}",
            CancellationToken = cancellationToken,
        };

        // What the hook writes itself, if anything, is durable when it is answered.
        using var own = DeferredCommits.Suspend();
        try
        {
            // On a thread of its own: it may block.
            await Task.Run(() => hook.InvokeAsync(services, context), CancellationToken.None);
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
        }
    }
}
