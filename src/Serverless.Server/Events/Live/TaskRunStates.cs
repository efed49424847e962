using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;
using Serverless.Server.Telemetry;

namespace Serverless.Server.Events;

/// <summary>
/// A task run of this app enters states: one event for each, as Prefect's client sends them for its own task runs
/// (emit_task_run_state_change_event). Values that tasks return are not in it.
/// </summary>
/// <param name="Run">The task run, without its state.</param>
/// <param name="FlowRun">The flow run that it is part of, without what no event says.</param>
/// <param name="Before">The state that it leaves; null for a new task run.</param>
/// <param name="Written">The states that it enters, in order.</param>
internal sealed record TaskRunStates(TaskRun Run, FlowRun FlowRun, State? Before, IReadOnlyList<State> Written) : Happening
{
    /// <summary>What the client leaves out of what it says of the task run, besides what is null.</summary>
    private static readonly string[] LeftOut =
    [
        "id",
        "created",
        "updated",
        "flow_run_id",
        "state_id",
        "state_type",
        "state_name",
        "estimated_start_time_delta",
        "estimated_run_time",
    ];

    /// <summary>What a change has to tell; null for nothing. Clients tell of their task runs themselves.</summary>
    public static TaskRunStates? Of(TaskRunChange change) =>
        change is { After: { FlowRun: { } flowRun, TaskRun: var run }, Written.Count: > 0 }
        && TaskRunKeys.EnginesId(flowRun.Id, run.TaskKey, run.DynamicKey) == run.Id
            ? new TaskRunStates(
                run with
                {
                    State = null,
                },
                flowRun with
                {
                    Parameters = JsonObjects.Empty,
                    Context = JsonObjects.Empty,
                    JobVariables = JsonObjects.Empty,
                    State = null,
                },
                StateEvents.WithoutData(change.Before?.TaskRun.State),
                [.. change.Written.Select(state => StateEvents.WithoutData(state)!)]
            )
            : null;

    public override async ValueTask<IReadOnlyList<Event>> EventsAsync(RelatedObjects related)
    {
        RelatedObject[] objects = [new("flow-run", FlowRun.Id, FlowRun.Name, FlowRun.Tags), .. await related.OfAsync(FlowRun)];
        var ownTags = Run.Tags.ToHashSet();
        IReadOnlyList<IReadOnlyDictionary<string, string>> resources =
        [
            .. RelatedObjects.Tags(ownTags),
            .. objects.Where(each => each.Kind != "task-run").Select(RelatedObjects.Resource),
            .. RelatedObjects.Tags(objects.SelectMany(each => each.Tags).Where(tag => !ownTags.Contains(tag))),
        ];
        List<Event> events = [];
        var before = Before;
        foreach (var state in Written)
        {
            events.Add(EventOf(before, state, resources));
            before = state;
        }

        return events;
    }

    private Event EventOf(State? before, State state, IReadOnlyList<IReadOnlyDictionary<string, string>> related)
    {
        var validated = StateOf(state)!;
        validated["data"] = null;
        return new Event
        {
            Id = state.Id,
            Occurred = state.Timestamp,
            Name = $"prefect.task-run.{state.Name}",
            Resource = StateEvents.Resource("task-run", Run.Id, Run.Name, Run.RunCount, state),
            Related = related,
            Payload = StateEvents.Payload(
                new JsonObject
                {
                    ["intended"] = StateEvents.Intended(before, state),
                    ["initial_state"] = StateOf(before),
                    ["validated_state"] = validated,
                    ["task_run"] = Said(),
                }
            ),
            Follows = StateEvents.Follows(before, state),
        };
    }

    private JsonObject Said()
    {
        var said = Json(Run, without: null);
        foreach (var name in LeftOut)
        {
            said.Remove(name);
        }

        return said;
    }

    private static JsonObject? StateOf(State? state) =>
        state is null
            ? null
            : new JsonObject
            {
                ["type"] = StateTypeNames.Of(state.Type),
                ["name"] = state.Name,
                ["message"] = StateEvents.Truncate(state.Message),
                ["state_details"] = Json(state.StateDetails with { FlowRunId = null, TaskRunId = null }, StateDetails.Empty),
            };

    /// <summary>A model as JSON, without members that are null or as they are in <paramref name="without"/>.</summary>
    private static JsonObject Json<T>(T model, T? without)
        where T : class
    {
        var json = (JsonObject)JsonSerializer.SerializeToNode(model, WireJson.TypeInfo<T>())!;
        if (without is not null)
        {
            foreach ((var name, var value) in (JsonObject)JsonSerializer.SerializeToNode(without, WireJson.TypeInfo<T>())!)
            {
                if (JsonNode.DeepEquals(json[name], value))
                {
                    json.Remove(name);
                }
            }
        }

        RemoveNulls(json);
        return json;
    }

    private static void RemoveNulls(JsonNode? json)
    {
        foreach (var (name, value) in (json as JsonObject)?.ToList() ?? [])
        {
            if (value is null)
            {
                ((JsonObject)json!).Remove(name);
            }

            RemoveNulls(value);
        }

        foreach (var item in json as JsonArray ?? [])
        {
            RemoveNulls(item);
        }
    }
}
