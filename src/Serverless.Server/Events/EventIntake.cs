using System.Text.Json;
using Microsoft.Extensions.Logging;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Assets;
using Serverless.Server.Heartbeats;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Events;

/// <summary>
/// Takes the events that clients send: the states of task runs, which Prefect's client reports in no other way, and the heartbeats of flow
/// runs, and what tasks do with assets. Other events are not kept. All of them are passed on to those who follow events.
/// </summary>
public sealed partial class EventIntake
{
    /// <summary>The event by which a client shows that a flow run is alive.</summary>
    public const string Heartbeat = "prefect.flow-run.heartbeat";

    private const string TaskRunPrefix = "prefect.task-run.";
    private const string FlowRunKind = "prefect.flow-run";
    private const string TaskRunKind = "prefect.task-run";

    private readonly TaskRunRecording _taskRuns;
    private readonly FlowRunHeartbeats _heartbeats;
    private readonly AssetService _assets;
    private readonly EventFeed _feed;
    private readonly ILogger<EventIntake> _logger;

    internal EventIntake(
        TaskRunRecording taskRuns,
        FlowRunHeartbeats heartbeats,
        AssetService assets,
        EventFeed feed,
        ILogger<EventIntake> logger
    )
    {
        _assets = assets;
        _taskRuns = taskRuns;
        _heartbeats = heartbeats;
        _feed = feed;
        _logger = logger;
    }

    /// <summary>
    /// Takes an event. Taking it once more changes nothing. One whose content is wrong, or which is about a run that is not there, is
    /// passed over; the log says so.
    /// </summary>
    /// <exception cref="RowStoreUnavailableException">The store is unavailable: the event is to be sent again.</exception>
    public async Task TakeAsync(Event reported, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reported);
        if (reported.Name == Heartbeat)
        {
            if (Event.ObjectId(reported.Resource, FlowRunKind) is { } flowRunId)
            {
                await _heartbeats.BeatAsync(flowRunId, reported.Occurred, cancellationToken);
            }
        }
        else if (
            reported.Name.StartsWith(TaskRunPrefix, StringComparison.Ordinal)
            && reported.Resource.TryGetValue("prefect.orchestration", out var judge)
            && judge == "client"
        )
        {
            if (await RecordAsync(reported, cancellationToken) is { } wrong)
            {
                LogPassedOver(_logger, reported.Id, reported.Name, wrong);
            }
        }
        else if (await _assets.RecordAsync(reported, cancellationToken) is { } flaw)
        {
            LogPassedOver(_logger, reported.Id, reported.Name, flaw);
        }

        _feed.Pass(reported);
    }

    /// <summary>Records the state of a task run; null when all is well, otherwise why nothing was recorded.</summary>
    private async Task<string?> RecordAsync(Event reported, CancellationToken cancellationToken)
    {
        if (Event.ObjectId(reported.Resource, TaskRunKind) is not { } taskRunId)
        {
            return "its resource is no task run";
        }

        Guid? flowRunId = null;
        if (reported.RelatedIn("flow-run") is { } related)
        {
            flowRunId = Event.ObjectId(related, FlowRunKind);
            if (flowRunId is null)
            {
                return "its flow run has no id";
            }
        }

        TaskRunReport? report;
        ProposedState? state;
        try
        {
            report = Member<TaskRunReport>(reported, "task_run");
            state = Member<ProposedState>(reported, "validated_state");
        }
        catch (JsonException wrong)
        {
            return wrong.Message;
        }

        return report is null || state is null
            ? "its payload has no task_run, or no validated_state"
            : await _taskRuns.RecordAsync(
                flowRunId,
                taskRunId,
                report,
                new State
                {
                    Id = reported.Id,
                    Timestamp = reported.Occurred,
                    Type = state.Type,
                    Name = state.Name,
                    Message = state.Message,
                    Data = state.Data,
                    StateDetails = state.StateDetails,
                },
                cancellationToken
            );
    }

    private static T? Member<T>(Event reported, string name)
        where T : class => reported.Payload.TryGetValue(name, out var value) ? value.Deserialize(WireJson.TypeInfo<T>()) : null;

    [LoggerMessage(LogLevel.Warning, "Event {Id} ({Name}) is passed over: {Flaw}.")]
    private static partial void LogPassedOver(ILogger logger, Guid id, string name, string flaw);
}
