using System.Diagnostics;
using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Text;
using Serverless.Flows;
using Serverless.Flows.Hosting;
using Serverless.Functions.BackgroundTasks;
using Serverless.Functions.Engine;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.RunServices;
using Serverless.Server.Logs;
using Serverless.Server.Runs;
using Serverless.Server.Telemetry;
using Serverless.Storage;

namespace Serverless.Functions.TaskRuns;

/// <summary>One attempt of one task run: proposes Running, executes the author's code, and proposes how it ended.</summary>
/// <param name="flows">The tasks of the app.</param>
/// <param name="gate">The only writer of states.</param>
/// <param name="background">Ends background task runs whose task is not there.</param>
/// <param name="caches">The keys under which results are cached.</param>
/// <param name="storages">Where tasks store their values.</param>
/// <param name="running">Where a cancellation finds the attempt.</param>
/// <param name="logs">The task run's log, which is complete before the attempt is.</param>
/// <param name="sink">Where the author's log records go.</param>
/// <param name="services">Builds the classes that tasks are methods of.</param>
/// <param name="store">Waited for before the author's code runs: what that does is seen outside.</param>
/// <param name="time">The clock of waits, limits and log records.</param>
public sealed class TaskRunActivity(
    FlowRegistry flows,
    RunGate gate,
    BackgroundTaskEnd background,
    TaskRunCaches caches,
    ResultStorages storages,
    RunningTaskRuns running,
    RunLogs logs,
    IRunLogSink sink,
    IServiceProvider services,
    IRowStore store,
    TimeProvider time
)
{
    /// <summary>The activity. Repeating it after a crash executes the same attempt again, unless its outcome was stored.</summary>
    [Function(nameof(TaskRunActivity))]
    public async Task<TaskRunOutcome> RunAsync([ActivityTrigger] TaskAttemptInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var settings = input.Settings;
        var taskRunId = settings.TaskRunIdOf(input.Item);
        if (!flows.TryGetTask(settings.TaskKey, out var task))
        {
            var reason = $"Task '{settings.TaskKey}' is not registered in this app.";
            if (settings.Background is not null)
            {
                // No flow is told: the task run itself has to say so.
                await background.CrashAsync(taskRunId, reason, cancellationToken);
            }

            CallOutcome unknown = new(taskRunId, StateType.Failed, StateNames.Failed, reason, null);
            return new TaskRunOutcome(TaskRunOutcomeKind.Final, unknown);
        }

        // Known before the gate lets it start: a cancellation that comes right after that reaches its token.
        using var attempt = running.Add(settings.Owner, settings.Generation, settings.Background is not null, cancellationToken);
        var start = TaskRunStarts.Of(taskRunId, task, settings, input.Item);
        var caching = task.CachingOf(settings.Caching);
        if (caching is not null)
        {
            start = await caches.AddToAsync(start, task, caching, input.Item, cancellationToken);
        }

        var started = await gate.BeginTaskRunAsync(start, cancellationToken);
        if (started is not { Kind: TaskRunStartKind.Begun, TaskRun: { } run })
        {
            return NotStarted(taskRunId, started);
        }

        attempt.Begin(run);
        await store.WhenDurableAsync(cancellationToken);

        // On a thread of its own, so that code that blocks its thread can be left behind too.
        var execution = Task.Run(() => ObserveAsync(task, input, started, run, attempt, cancellationToken), CancellationToken.None);
        if (!await EndsAsync(execution, attempt, cancellationToken))
        {
            RunLogger
                .ForTaskRun(sink, time, settings.FlowRunId, taskRunId)
                .LogWarning("The task run was stopped, but its code ignores its cancellation token: the flow continues without it.");
            await logs.FlushAsync(settings.FlowRunId, taskRunId, cancellationToken);
            return new TaskRunOutcome(TaskRunOutcomeKind.Retry, RetryAt: time.GetUtcNow(), NotEnded: taskRunId);
        }

        (var ended, var resultJson, var assets) = await execution;
        await logs.FlushAsync(settings.FlowRunId, taskRunId, cancellationToken);
        var kept = resultJson is not null && settings.Results is { IsUnkept: true } ? RunResult.NotKept : resultJson;
        var answer = await gate.EndTaskRunAsync(started, caches.AddTo(ended, run, caching), kept, assets, cancellationToken);
        return answer switch
        {
            GateAnswer.Missing => new TaskRunOutcome(TaskRunOutcomeKind.Deleted, Outcomes.Deleted(taskRunId)),
            { State: { Type: StateType.Scheduled } retry } => new TaskRunOutcome(
                TaskRunOutcomeKind.Retry,
                RetryAt: retry.StateDetails.ScheduledTime ?? time.GetUtcNow(),
                NotEnded: taskRunId
            ),
            GateAnswer.Accepted { State: { } state } => new TaskRunOutcome(
                TaskRunOutcomeKind.Final,
                Outcomes.Of(taskRunId, state, resultJson)
            ),

            // Another delivery of this attempt was faster, or the flow run was stopped or started again: the gate tells which.
            _ => new TaskRunOutcome(TaskRunOutcomeKind.Retry, RetryAt: time.GetUtcNow(), NotEnded: taskRunId),
        };
    }

    /// <summary>
    /// Waits for the code to end; false for code that goes on after its token was cancelled. An orchestration does not end, nor begin a
    /// flow's next attempt, before the activities that it started.
    /// </summary>
    private async Task<bool> EndsAsync(Task execution, RunningTaskRun attempt, CancellationToken cancellationToken)
    {
        if (await Task.WhenAny(execution, attempt.Told) != execution)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(execution, Task.Delay(OrchestratedFlowEngine.StopGrace, time, either.Token));
            await either.CancelAsync();
        }

        return execution.IsCompleted || cancellationToken.IsCancellationRequested;
    }

    private TaskRunOutcome NotStarted(Guid taskRunId, TaskRunStarted? started) =>
        started switch
        {
            null => new TaskRunOutcome(TaskRunOutcomeKind.Deleted, Outcomes.Deleted(taskRunId)),
            { Kind: TaskRunStartKind.Ended, TaskRun.State: { } state } => new TaskRunOutcome(
                TaskRunOutcomeKind.Final,
                Outcomes.Of(taskRunId, state, started.StoredResultJson)
            ),
            { Answer: GateAnswer.Waits wait } => new TaskRunOutcome(
                TaskRunOutcomeKind.Retry,
                RetryAt: AgainAt(started, wait),
                NotEnded: taskRunId
            ),
            { Kind: TaskRunStartKind.Stopped } => new TaskRunOutcome(
                TaskRunOutcomeKind.Stopped,
                Outcomes.Refused(taskRunId, started.Reason)
            ),
            _ => new TaskRunOutcome(TaskRunOutcomeKind.Paused, NotEnded: taskRunId),
        };

    /// <summary>
    /// When to ask again: at the scheduled time, or, when it is due but has to wait for a slot, after the delay that the gate gave.
    /// </summary>
    private DateTimeOffset AgainAt(TaskRunStarted started, GateAnswer.Waits wait)
    {
        var now = time.GetUtcNow();
        return started.TaskRun?.State?.StateDetails.ScheduledTime is { } due && due > now
            ? due
            : now.AddSeconds(Math.Max(wait.DelaySeconds, 1));
    }

    /// <summary>Executes the author's code in a span of its own, which the code sees as <see cref="Activity.Current"/>.</summary>
    private async Task<(ProposedState Ended, string? ResultJson, TaskRunAssets? Assets)> ObserveAsync(
        TaskDefinition task,
        TaskAttemptInput input,
        TaskRunStarted started,
        TaskRun run,
        RunningTaskRun attempt,
        CancellationToken hostStopping
    )
    {
        using var span = RunSpans.StartTaskAttempt(started, task.Name);
        var start = time.GetTimestamp();
        var context = ContextOf(task, input, run, attempt);
        (var ended, var resultJson) = await ExecuteAsync(task, input, context, attempt, hostStopping);
        TaskAttemptTelemetry.Ended(task.Name, ended, time.GetElapsedTime(start));
        RunSpans.End(span, ended);
        return (ended, resultJson, MadeAssets.Of(context));
    }

    private TaskContext ContextOf(TaskDefinition task, TaskAttemptInput input, TaskRun run, RunningTaskRun attempt) =>
        new()
        {
            FlowRunId = input.Settings.FlowRunId,
            TaskRunId = run.Id,
            Attempt = run.RunCount,
            Logger = RunLogger.ForTaskRun(sink, time, input.Settings.FlowRunId, run.Id),
            CancellationToken = attempt.Token,
            Timeout = input.Settings.Timeout ?? task.Timeout,
            TaskRunName = run.Name,
            Tags = run.Tags,
            StartTime = run.StartTime,
            Services = new TaskServices(services, input.Settings.FlowRunId, run.Id),
        };

    private async ValueTask<(ProposedState Ended, string? ResultJson)> ExecuteAsync(
        TaskDefinition task,
        TaskAttemptInput input,
        TaskContext context,
        RunningTaskRun attempt,
        CancellationToken hostStopping
    )
    {
        var logger = context.Logger;

        // What the code writes itself, if anything, is durable when it is answered.
        using var own = DeferredCommits.Suspend();
        try
        {
            var item = input.Item;
            var results = input.Settings.Results;
            var values =
                item.Stored is null && !task.StoresResults && results?.Storage is null
                    ? null
                    : new TaskValues(storages, item.ArgumentsJson, item.Stored, context.TaskRunName, results);
            var returned = await task.InvokeAsync(services, item.ArgumentsJson, context, values);
            var ended = Endings.OfTask(returned.State);
            return (returned.Stored is { } stored ? ended with { Data = stored.ToData() } : ended, returned.ResultJson);
        }
        catch (OperationCanceledException) when (hostStopping.IsCancellationRequested)
        {
            // Not the task's end: the attempt is made again when a host is there.
            throw;
        }
        catch (OperationCanceledException) when (attempt.IsCancelled)
        {
            return (
                ProposedStates.Cancelled(input.Settings.Background is null ? "The flow run was cancelled." : "The task run was cancelled."),
                null
            );
        }
        catch (TaskTimeoutException timeout)
        {
            logger.LogError("{Reason}", timeout.Message);
            return (
                ProposedStates.TimedOut(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Task run exceeded timeout of {timeout.Timeout.TotalSeconds:0.0##} second(s)"
                    ),
                    details: DetailsOf(timeout)
                ),
                null
            );
        }
#pragma warning disable CA1031 // Whatever the author's code throws is the attempt's failure, with its reason.
        catch (Exception error)
#pragma warning restore CA1031
        {
            logger.LogError(error, "Task run failed with exception: {Reason}", ExceptionText.MessageOf(error));
            return (
                ProposedStates.Failed($"Task run encountered an exception {ExceptionText.Brief(error)}", details: DetailsOf(error)),
                null
            );
        }

        StateDetails DetailsOf(Exception error) =>
            Endings.OfError(error, task.MayRetry(error, context.Attempt, logger, input.Settings.Retry));
    }
}
