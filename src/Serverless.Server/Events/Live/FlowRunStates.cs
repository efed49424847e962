using System.Text.Json.Nodes;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs.Writing;
using Serverless.Server.Telemetry;

namespace Serverless.Server.Events;

/// <summary>A flow run enters states: one event for each (Prefect's flow_run_state_change_event).</summary>
/// <param name="Run">The run, without what no event says.</param>
/// <param name="Before">The state that it leaves; null for a new run.</param>
/// <param name="Written">The states that it enters, in order.</param>
internal sealed record FlowRunStates(FlowRun Run, State? Before, IReadOnlyList<State> Written) : Happening
{
    /// <summary>What a change has to tell; null for nothing.</summary>
    public static FlowRunStates? Of(FlowRunChange change) =>
        change is { After: { } after, Written.Count: > 0 }
            ? new FlowRunStates(
                after.Run with
                {
                    Parameters = JsonObjects.Empty,
                    Context = JsonObjects.Empty,
                    JobVariables = JsonObjects.Empty,
                    State = null,
                },
                StateEvents.WithoutData(change.Before?.Run.State),
                [.. change.Written.Select(state => StateEvents.WithoutData(state)!)]
            )
            : null;

    public override async ValueTask<IReadOnlyList<Event>> EventsAsync(RelatedObjects related)
    {
        var objects = await related.OfAsync(Run);
        IReadOnlyList<IReadOnlyDictionary<string, string>> resources =
        [
            .. objects.Select(RelatedObjects.Resource),
            .. RelatedObjects.Tags(objects.SelectMany(each => each.Tags).Concat(Run.Tags)),
            .. RelatedObjects.Creator(Run.CreatedBy),
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

    private Event EventOf(State? before, State state, IReadOnlyList<IReadOnlyDictionary<string, string>> related) =>
        new()
        {
            Id = state.Id,
            Occurred = state.Timestamp,
            Name = $"prefect.flow-run.{state.Name}",
            Resource = StateEvents.Resource("flow-run", Run.Id, Run.Name, Run.RunCount, state),
            Related = related,
            Payload = StateEvents.Payload(
                new JsonObject
                {
                    ["intended"] = StateEvents.Intended(before, state),
                    ["initial_state"] = StateOf(before),
                    ["validated_state"] = StateOf(state),
                }
            ),
            Follows = StateEvents.Follows(before, state),
        };

    private static JsonObject? StateOf(State? state)
    {
        if (state is null)
        {
            return null;
        }

        JsonObject said = new() { ["type"] = StateTypeNames.Of(state.Type), ["name"] = state.Name };
        if (!string.IsNullOrEmpty(state.Message))
        {
            said["message"] = StateEvents.Truncate(state.Message);
        }

        if (state.Type == StateType.Paused)
        {
            said["pause_reschedule"] = state.StateDetails.PauseReschedule ? "true" : "false";
        }

        return said;
    }
}
