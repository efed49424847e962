using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.DurableTask.Protobuf;
using Serverless.FunctionApp.Tests.Fixtures;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.Hosting;

namespace Serverless.FunctionApp.Tests;

/// <summary>Timer, queue message, activity and orchestrator, each with what the Functions host and its extensions hand over.</summary>
[Collection(WorkerCollection.Name)]
public sealed class TriggerTests(WorkerFixture fixture)
{
    private static readonly JsonSerializerOptions Payloads = FunctionsPayloads.CreateOptions();

    [WorkerFact]
    public async Task SweepStorage_Timer_Runs() =>
        await fixture.Worker.InvokeAsync(
            "SweepStorage",
            (
                "timer",
                Data.Json(
                    """{"Schedule":{"AdjustForDST":true},"ScheduleStatus":{"Last":"2026-11-26T10:00:45+00:00","Next":"2026-11-26T10:01:45+00:00","LastUpdated":"2026-11-26T10:00:45+00:00"},"IsPastDue":false}"""
                )
            )
        );

    [WorkerFact]
    public async Task DispatchOutbox_MessageOfANewRun_StartsItsOrchestration()
    {
        var id = await fixture.CreateRunAsync();

        await fixture.Worker.InvokeAsync(
            "DispatchOutbox",
            ("message", Data.Text(await fixture.AnnouncementAsync(id))),
            ("client", fixture.Worker.DurableClient())
        );

        var started = fixture.Worker.Durable.Started[$"{id:N}-1"];
        started.Name.ShouldBe(nameof(FlowRunOrchestrator));
        Read<FlowRunStart>(started.Input).ShouldBe(new FlowRunStart(id, Generation: 1));
        started.OrchestrationIdReusePolicy.ReplaceableStatus.ShouldBeEmpty();
    }

    [WorkerFact]
    public async Task BeginFlowRun_Activity_TakesItsInputAndGivesItsResultInJson()
    {
        var id = await fixture.CreateRunAsync();

        var response = await fixture.Worker.InvokeAsync("BeginFlowRun", ("start", Data.Json(Write(new FlowRunStart(id, Generation: 1)))));

        var begun = Read<BeginFlowRunResult>((string)response["returnValue"]!["json"]!);
        begun.Kind.ShouldBe(BeginKind.Run);
        begun.Run!.FlowRunId.ShouldBe(id);
        begun.Run.FlowName.ShouldBe("hello");
        (_, var run) = await fixture.Worker.SendAsync("Api", HttpMethod.Get, $"api/flow_runs/{id}");
        ((string)run["state_type"]!).ShouldBe("RUNNING");
    }

    [WorkerFact]
    public async Task FlowRunOrchestrator_FirstEpisode_SchedulesBeginFlowRun()
    {
        FlowRunStart start = new(Guid.NewGuid(), Generation: 1);
        OrchestrationInstance instance = new() { InstanceId = $"{start.FlowRunId:N}-1", ExecutionId = Guid.NewGuid().ToString("N") };
        Timestamp now = Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow);
        OrchestratorRequest episode = new()
        {
            InstanceId = instance.InstanceId,
            ExecutionId = instance.ExecutionId,
            NewEvents =
            {
                new HistoryEvent
                {
                    EventId = -1,
                    Timestamp = now,
                    OrchestratorStarted = new OrchestratorStartedEvent(),
                },
                new HistoryEvent
                {
                    EventId = -1,
                    Timestamp = now,
                    ExecutionStarted = new ExecutionStartedEvent
                    {
                        Name = nameof(FlowRunOrchestrator),
                        Input = Write(start),
                        OrchestrationInstance = instance,
                    },
                },
            },
        };

        var response = await fixture.Worker.InvokeAsync(
            nameof(FlowRunOrchestrator),
            ("context", Data.Text(Convert.ToBase64String(episode.ToByteArray())))
        );

        var decided = OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String((string)response["returnValue"]!["string"]!));
        decided.InstanceId.ShouldBe(instance.InstanceId);
        var scheduled = decided.Actions.ShouldHaveSingleItem().ScheduleTask;
        scheduled.Name.ShouldBe(nameof(BeginFlowRun));

        // An orchestrator's arguments are an array. The Durable extension takes the one argument out of it for the activity.
        Read<FlowRunStart[]>(scheduled.Input).ShouldBe([start]);
    }

    private static string Write<T>(T value) => JsonSerializer.Serialize(value, Payloads);

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Payloads)!;
}
