using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Core.States;
using Serverless.FunctionApp.Tests.Fixtures;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.Hosting;
using Serverless.Functions.TaskRuns;
using Serverless.Testing;

namespace Serverless.FunctionApp.Tests;

/// <summary>
/// Two processes of the app on one storage account: one executes a task, the other one gets the request that stops it.
/// The task would take longer than a test waits. Within how many seconds its token is cancelled, tests with a fake clock say.
/// </summary>
[Collection(WorkerCollection.Name)]
public sealed class TwoWorkersTests(WorkerFixture fixture)
{
    private static readonly JsonSerializerOptions Payloads = FunctionsPayloads.CreateOptions();

    [WorkerFact]
    public async Task CancelRun_TaskRunsOnTheOtherWorker_ItsTokenIsCancelled()
    {
        var other = await fixture.OtherWorker;
        (var run, var attempt) = await StartTaskAsync(fixture.Worker);

        (var status, _) = await other.SendAsync("CancelRun", HttpMethod.Post, $"api/flow_runs/{run}/cancel", []);
        status.ShouldBe(HttpStatusCode.Created);
        var outcome = await attempt.WaitAsync(Waiting.Patience);

        outcome.Kind.ShouldBe(TaskRunOutcomeKind.Final);
        outcome.Outcome!.Type.ShouldBe(StateType.Cancelled);
    }

    [WorkerFact]
    public async Task DeleteRun_TaskRunsOnTheOtherWorker_ItsTokenIsCancelled()
    {
        var other = await fixture.OtherWorker;
        (var run, var attempt) = await StartTaskAsync(fixture.Worker);

        await other.SendAsync("Api", HttpMethod.Delete, $"api/flow_runs/{run}");
        var outcome = await attempt.WaitAsync(Waiting.Patience);

        outcome.Outcome!.Type.ShouldBe(StateType.Cancelled);
    }

    [WorkerFact]
    public async Task SetState_TaskRunsOnTheOtherWorker_ItsTokenIsCancelledAndTheFlowGoesOnWithTheState()
    {
        var other = await fixture.OtherWorker;
        (var run, var attempt) = await StartTaskAsync(fixture.Worker);
        (_, var tasks) = await other.SendAsync(
            "Api",
            HttpMethod.Post,
            "api/task_runs/filter",
            new JsonObject { ["flow_runs"] = new JsonObject { ["id"] = new JsonObject { ["any_"] = new JsonArray(run.ToString()) } } }
        );
        var task = (Guid)tasks.AsArray().Single()!["id"]!;

        (var status, _) = await other.SendAsync(
            "Api",
            HttpMethod.Post,
            $"api/task_runs/{task}/set_state",
            new JsonObject
            {
                ["state"] = new JsonObject { ["type"] = "COMPLETED", ["message"] = "by hand" },
            }
        );
        status.ShouldBe(HttpStatusCode.Created);
        var outcome = await attempt.WaitAsync(Waiting.Patience);

        // The orchestrator asks again, and learns what the client has made of the task run.
        outcome.Kind.ShouldBe(TaskRunOutcomeKind.Retry);
        var again = await AttemptAsync(fixture.Worker, run);
        again.Kind.ShouldBe(TaskRunOutcomeKind.Final);
        again.Outcome!.Type.ShouldBe(StateType.Completed);
        again.Outcome.Message.ShouldBe("by hand");
    }

    /// <summary>Creates a run whose one task takes ten minutes, and has a worker execute it.</summary>
    private static async Task<(Guid Run, Task<TaskRunOutcome> Attempt)> StartTaskAsync(RunningWorker worker)
    {
        (_, var deployment) = await worker.SendAsync("Api", HttpMethod.Get, "api/deployments/name/fan-out/default");
        (_, var created) = await worker.SendAsync(
            "CreateRun",
            HttpMethod.Post,
            $"api/deployments/{deployment["id"]}/create_flow_run",
            new JsonObject { ["parameters"] = new JsonObject { ["count"] = 1 } }
        );
        var run = (Guid)created["id"]!;
        await worker.InvokeAsync("BeginFlowRun", ("start", Data.Json(Write(new FlowRunStart(run, Generation: 1)))));
        var attempt = AttemptAsync(worker, run);
        while (!await IsRunningAsync(worker, run))
        {
            attempt.IsCompleted.ShouldBeFalse("the attempt has ended");
            await Task.Delay(10);
        }

        return (run, attempt);
    }

    private static async Task<bool> IsRunningAsync(RunningWorker worker, Guid run)
    {
        (_, var count) = await worker.SendAsync(
            "Api",
            HttpMethod.Post,
            "api/task_runs/count",
            new JsonObject
            {
                ["flow_runs"] = new JsonObject { ["id"] = new JsonObject { ["any_"] = new JsonArray(run.ToString()) } },
                ["task_runs"] = new JsonObject
                {
                    ["state"] = new JsonObject { ["type"] = new JsonObject { ["any_"] = new JsonArray("RUNNING") } },
                },
            }
        );
        return count.GetValue<int>() == 1;
    }

    private static async Task<TaskRunOutcome> AttemptAsync(RunningWorker worker, Guid run)
    {
        TaskAttemptInput input = new(
            new TaskRunSettings(run, Generation: 1, RunCount: 1, "Serverless.Samples.FanOutFlow.Work"),
            new TaskRunItem(0, """{"item":0,"milliseconds":600000}""")
        );
        var response = await worker.InvokeAsync(nameof(TaskRunActivity), ("input", Data.Json(Write(input))));
        return JsonSerializer.Deserialize<TaskRunOutcome>((string)response["returnValue"]!["json"]!, Payloads)!;
    }

    private static string Write<T>(T value) => JsonSerializer.Serialize(value, Payloads);
}
