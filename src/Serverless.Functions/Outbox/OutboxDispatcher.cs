using System.Diagnostics;
using DurableTask.Core.Exceptions;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Core.States;
using Serverless.Functions.BackgroundTasks;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.Hooks;
using Serverless.Functions.TaskRuns;
using Serverless.Server.Assets;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;
using Serverless.Server.Telemetry;
using Serverless.Storage;

namespace Serverless.Functions.Outbox;

/// <summary>Hands outbox entries to the durable runtime. Every step can be repeated; an entry is deleted after its last.</summary>
/// <param name="outbox">The stored entries.</param>
/// <param name="runs">The stored runs.</param>
/// <param name="purge">Deletes what deleted runs left.</param>
/// <param name="background">Starts and ends orchestrations of background task runs.</param>
/// <param name="parents">The task runs that stand for subflows of remote clients.</param>
/// <param name="children">Cancels what is below cancelled runs of remote clients.</param>
/// <param name="assets">Tells of the assets that task runs made.</param>
/// <param name="running">Tasks that run in this process, to be cancelled at once.</param>
/// <param name="time">The clock that an entry's age is taken by.</param>
/// <param name="logger">The host's log.</param>
public sealed partial class OutboxDispatcher(
    OutboxStore outbox,
    FlowRunService runs,
    FlowRunPurge purge,
    BackgroundTaskDispatch background,
    ParentTaskRuns parents,
    ChildrenOfCancelled children,
    AssetRecording assets,
    RunningTaskRuns running,
    TimeProvider time,
    ILogger<OutboxDispatcher> logger
)
{
    private static readonly string[] AnyStatus =
    [
        .. StartOrchestrationOptionsExtensions.ValidDedupeStatuses.Select(status => status.ToString()),
    ];

    /// <summary>Dispatches one entry and deletes it; one that could not be finished stays for the sweep.</summary>
    public async Task DispatchAsync(OutboxEntry entry, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(client);
        using var span = RunSpans.StartDispatch(entry);

        // The entry goes after what it asks for is done: in that order it becomes durable, too.
        using var deferred = DeferredCommits.Begin();
        try
        {
            await HandOverAsync(entry, client, cancellationToken);
        }
        catch (Exception error)
        {
            span?.SetStatus(ActivityStatusCode.Error, error.Message);
            throw;
        }
    }

    private async Task HandOverAsync(OutboxEntry entry, DurableTaskClient client, CancellationToken cancellationToken)
    {
        switch (entry.Kind)
        {
            case OutboxKind.Start:
                await StopAsync(entry.FlowRunId, entry.Generation - 1, client, cancellationToken);
                await StartAsync(entry.FlowRunId, entry.Generation, client, cancellationToken);
                break;
            case OutboxKind.StateChanged:
                await TellAsync(entry, client, cancellationToken);
                break;
            case OutboxKind.SlotGranted:
                // No row stands for it: what holds the slot does.
                await TellAsync(entry.InstanceId, new StateChange(StateType.Scheduled, entry.TaskRunId), client, cancellationToken);
                return;
            case OutboxKind.Hooks when HookStart.Of(entry) is { } hooks:
                await StartAsync(nameof(HookOrchestrator), hooks, hooks.InstanceId, client, cancellationToken);
                break;
            case OutboxKind.Hooks:
                LogWithoutState(logger, entry.Key);
                break;
            case OutboxKind.Assets:
                await assets.RecordAsync(entry, cancellationToken);
                break;
            case OutboxKind.Input:
                await TellAsync(entry.InstanceId, new StateChange(StateType.Running, Input: true), client, cancellationToken);
                break;
            case OutboxKind.BackgroundTask:
                if (!await background.RunAsync(entry, client, cancellationToken))
                {
                    return;
                }

                break;
            case OutboxKind.Forget:
                await runs.ForgetAsync(entry.FlowRunId, cancellationToken);
                break;
            case OutboxKind.EndChildren:
                await children.EndAsync(entry.FlowRunId, cancellationToken);
                break;
            case OutboxKind.ParentTask:
                await TellParentAsync(entry, client, cancellationToken);
                break;
            default:
                if (!await purge.RunAsync(entry, client, cancellationToken))
                {
                    return;
                }

                break;
        }

        OutboxTelemetry.Dispatched(entry, time.GetUtcNow());
        await outbox.DeleteAsync(entry, cancellationToken);
    }

    /// <summary>Starts the orchestration of a run's generation, unless it was started before.</summary>
    internal static Task StartAsync(Guid flowRunId, int generation, DurableTaskClient client, CancellationToken cancellationToken) =>
        StartAsync(
            nameof(FlowRunOrchestrator),
            new FlowRunStart(flowRunId, generation),
            OutboxEntry.InstanceIdOf(flowRunId, generation),
            client,
            cancellationToken
        );

    /// <summary>Starts an orchestration; false when it was started before.</summary>
    internal static async Task<bool> StartAsync(
        string orchestrator,
        object input,
        string instanceId,
        DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        try
        {
            // No status may be replaced: the instance id stands for one start, for good.
            await client.ScheduleNewOrchestrationInstanceAsync(
                orchestrator,
                input,
                new StartOrchestrationOptions(instanceId) { DedupeStatuses = AnyStatus },
                cancellationToken
            );
            return true;
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // Started by an earlier delivery of this entry.
            return false;
        }
    }

    /// <summary>
    /// Has an orchestration end that another one takes over from, which only a forced state does to one that has not ended.
    /// </summary>
    private async Task StopAsync(Guid flowRunId, int generation, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (generation == 0)
        {
            return;
        }

        running.Cancel(flowRunId, generation);
        await TellAsync(OutboxEntry.InstanceIdOf(flowRunId, generation), new StateChange(StateType.Cancelling), client, cancellationToken);
    }

    /// <summary>An orchestration that waits for the end of a run looks at it now.</summary>
    private async Task TellParentAsync(OutboxEntry entry, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await parents.FollowAsync(entry.FlowRunId, cancellationToken) is { } parent && entry.StateType?.IsFinal() == true)
        {
            await TellAsync(
                OutboxEntry.InstanceIdOf(parent.FlowRunId, parent.Generation),
                new StateChange(StateType.Scheduled, parent.TaskRunId),
                client,
                cancellationToken
            );
        }
    }

    private async Task TellAsync(OutboxEntry entry, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (entry.StateType is not { } state)
        {
            LogWithoutState(logger, entry.Key);
            return;
        }

        if (state == StateType.Cancelling || state.IsFinal())
        {
            running.Cancel(entry.FlowRunId, entry.Generation);
        }

        await TellAsync(entry.InstanceId, new StateChange(state), client, cancellationToken);
    }

    /// <summary>Tells an orchestration something, unless it has ended.</summary>
    internal static async Task TellAsync(
        string instanceId,
        StateChange change,
        DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        var instance = await client.GetInstanceAsync(instanceId, getInputsAndOutputs: false, cancellationToken);
        if (instance is { IsCompleted: false })
        {
            // One that is not there yet is started by another entry, or by the parent run, and reads the run's state as it begins.
            try
            {
                await client.RaiseEventAsync(instanceId, FlowRunOrchestrator.StateChanged, change, cancellationToken);
            }
            catch (RpcException error) when (error.StatusCode is StatusCode.FailedPrecondition or StatusCode.NotFound)
            {
                // It has ended meanwhile: there is nobody to tell.
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "Outbox entry {Key} tells of a state but does not name it; it is dropped.")]
    private static partial void LogWithoutState(ILogger logger, string key);
}
