using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Server.Tests.Events;

/// <summary>Events as Prefect's client sends them of a task run.</summary>
internal static class TaskRunEvents
{
    /// <summary>The event of a state.</summary>
    public static Event Of(
        Guid? flowRunId,
        Guid taskRunId,
        StateType type,
        DateTimeOffset occurred,
        int runCount = 0,
        string? name = null,
        string? message = null,
        string dynamicKey = "0-abc",
        Guid? id = null,
        string orchestration = "client"
    ) =>
        JsonSerializer.Deserialize(
            new JsonObject
            {
                ["id"] = id ?? Guid.NewGuid(),
                ["occurred"] = occurred,
                ["event"] = $"prefect.task-run.{name ?? type.DefaultName()}",
                ["resource"] = new JsonObject
                {
                    ["prefect.resource.id"] = $"prefect.task-run.{taskRunId}",
                    ["prefect.resource.name"] = "add-abc",
                    ["prefect.state-type"] = type.ToString().ToUpperInvariant(),
                    ["prefect.orchestration"] = orchestration,
                },
                ["related"] = flowRunId is null
                    ? new JsonArray()
                    : new JsonArray(
                        new JsonObject { ["prefect.resource.id"] = $"prefect.flow-run.{flowRunId}", ["prefect.resource.role"] = "flow-run" }
                    ),
                ["payload"] = new JsonObject
                {
                    ["intended"] = new JsonObject { ["from"] = null, ["to"] = type.ToString().ToUpperInvariant() },
                    ["initial_state"] = null,
                    ["validated_state"] = new JsonObject
                    {
                        ["type"] = type.ToString().ToUpperInvariant(),
                        ["name"] = name ?? type.DefaultName(),
                        ["message"] = message,
                        ["state_details"] = new JsonObject { ["cache_key"] = "key" },
                        ["data"] = null,
                    },
                    ["task_run"] = new JsonObject
                    {
                        ["name"] = "add-abc",
                        ["task_key"] = "add-1234",
                        ["dynamic_key"] = dynamicKey,
                        ["run_count"] = runCount,
                        ["tags"] = new JsonArray("blue"),
                        ["labels"] = new JsonObject { ["team"] = "data" },
                        ["task_inputs"] = new JsonObject
                        {
                            ["x"] = new JsonArray(new JsonObject { ["input_type"] = "constant", ["type"] = "int" }),
                        },
                        ["total_run_time"] = 1.5,
                    },
                },
            }.ToJsonString(),
            WireJson.TypeInfo<Event>()
        )!;
}
