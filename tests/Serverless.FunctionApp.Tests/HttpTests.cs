using System.Net;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Microsoft.DurableTask.Protobuf;
using Serverless.FunctionApp.Tests.Fixtures;

namespace Serverless.FunctionApp.Tests;

/// <summary>HTTP triggers through the worker's ASP.NET Core integration.</summary>
[Collection(WorkerCollection.Name)]
public sealed class HttpTests(WorkerFixture fixture)
{
    private const string Unknown = "00000000-0000-4000-8000-000000000000";

    [WorkerFact]
    public async Task Api_HealthAndReady_AreOk()
    {
        (await fixture.Worker.SendAsync("Health", HttpMethod.Get, "api/health")).Status.ShouldBe(HttpStatusCode.OK);
        (await fixture.Worker.SendAsync("Ready", HttpMethod.Get, "api/ready")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [WorkerFact]
    public async Task Api_FilterOfDeployments_FindsThoseOfTheSamples()
    {
        (var status, var deployments) = await fixture.Worker.SendAsync("Api", HttpMethod.Post, "api/deployments/filter", []);

        status.ShouldBe(HttpStatusCode.OK);
        deployments
            .AsArray()
            .Select(deployment => (string)deployment!["entrypoint"]!)
            .ShouldContain(entrypoint => entrypoint.Contains("HelloFlow"));
    }

    [WorkerFact]
    public async Task Api_OpenApiDocument_DescribesTheOperationsAndNoTrigger()
    {
        (var status, var document) = await fixture.Worker.SendAsync("Api", HttpMethod.Get, "api/openapi.json");

        status.ShouldBe(HttpStatusCode.OK);
        var paths = document["paths"]!.AsObject().Select(path => path.Key).ToList();
        paths.Count.ShouldBeGreaterThan(60);
        paths.ShouldContain("/flow_runs/{id}/pause");
        paths.ShouldNotContain(path => path.Contains('*'));
    }

    [WorkerFact]
    public async Task CreateRun_AnswersTheRunAndAnnouncesIt()
    {
        var id = await fixture.CreateRunAsync();

        (var status, var run) = await fixture.Worker.SendAsync("Api", HttpMethod.Get, $"api/flow_runs/{id}");
        status.ShouldBe(HttpStatusCode.OK);
        ((Guid)run["id"]!).ShouldBe(id);
        ((string)run["state_type"]!).ShouldBe("SCHEDULED");
        (await fixture.AnnouncementAsync(id)).ShouldNotBeEmpty();
    }

    /// <summary>The pages are those of the embedded host, below another root.</summary>
    [WorkerFact]
    public async Task Api_Pages_AreServedBelowApi()
    {
        var id = await fixture.CreateRunAsync();
        foreach (
            var (path, words) in new[]
            {
                ("", "Dashboard"),
                ("/runs", $"/api/page/runs/flow-run/{id}?code=k"),
                ("/runs?chart=1&params=size", "Looked at the parameters of"),
                ($"/runs/flow-run/{id}", "/api/page/act/"),
                ($"/runs/flow-run/{id}?tab=assets", "It has made no asset."),
                ("/flows", "hello"),
                ("/deployments", "/api/page/deployments/deployment/"),
                ("/deployments/schedule-times?what=0 9 * * *", "09:00:00"),
                ("/artifacts", "Artifacts"),
                ("/assets", "No task has made an asset."),
                ("/assets?q=none", "No asset matches."),
                ("/variables", "Variables"),
                ("/concurrency-limits", "Concurrency limits"),
                ("/settings", "Settings"),
                ("/palette?q=assets", "/api/page/assets?code=k"),
            }
        )
        {
            var address = $"api/page{path}{(path.Contains('?') ? '&' : '?')}code=k";
            (var status, var html) = await fixture.Worker.TextAsync("Api", HttpMethod.Get, address);
            status.ShouldBe(HttpStatusCode.OK, $"{path}: {html}");
            html.ShouldContain(words, Case.Sensitive, path);
        }

        (var missing, _) = await fixture.Worker.TextAsync("Api", HttpMethod.Get, "api/page/assets/key?key=s3://none");
        missing.ShouldBe(HttpStatusCode.NotFound);
    }

    [WorkerFact]
    public async Task Api_UnknownPath_IsNotFoundInJson()
    {
        (var status, var problem) = await fixture.Worker.SendAsync("Api", HttpMethod.Get, "api/nowhere");

        status.ShouldBe(HttpStatusCode.NotFound);
        ((string)problem["detail"]!).ShouldNotBeEmpty();
    }

    [WorkerFact]
    public async Task Api_KnownPathWithAnotherMethod_IsNotAllowed()
    {
        (var status, var problem) = await fixture.Worker.SendAsync("Api", HttpMethod.Get, $"api/flow_runs/{Unknown}/cancel");

        status.ShouldBe(HttpStatusCode.MethodNotAllowed);
        ((string)problem["detail"]!).ShouldNotBeEmpty();
    }

    [WorkerFact]
    public async Task CancelRun_UnknownRun_IsNotFoundInJson()
    {
        (var status, var problem) = await fixture.Worker.SendAsync("CancelRun", HttpMethod.Post, $"api/flow_runs/{Unknown}/cancel", []);

        status.ShouldBe(HttpStatusCode.NotFound);
        ((string)problem["detail"]!).ShouldNotBeEmpty();
    }

    /// <summary>The history as Durable Task keeps it: without the inputs of calls.</summary>
    [WorkerFact]
    public async Task RunHistory_RunWithAHistory_IsGivenOutInTheFormOfReplays()
    {
        var id = await fixture.CreateRunAsync();
        (var status, var problem) = await fixture.Worker.SendAsync("RunHistory", HttpMethod.Get, $"api/flow_runs/{id}/history");
        status.ShouldBe(HttpStatusCode.NotFound);
        ((string)problem["detail"]!).ShouldContain("it has not begun");
        var time = Timestamp.FromDateTime(new DateTime(2026, 3, 2, 1, 0, 0, DateTimeKind.Utc));
        var instance = $"{id:N}-1";
        fixture.Worker.Durable.Histories[instance] =
        [
            new HistoryEvent { Timestamp = time, OrchestratorStarted = new OrchestratorStartedEvent() },
            new HistoryEvent
            {
                Timestamp = time,
                ExecutionStarted = new ExecutionStartedEvent
                {
                    Name = "FlowRunOrchestrator",
                    Input = "{}",
                    OrchestrationInstance = new OrchestrationInstance { InstanceId = instance, ExecutionId = "e1" },
                },
            },
            new HistoryEvent
            {
                Timestamp = time,
                EventId = 0,
                TaskScheduled = new TaskScheduledEvent { Name = "BeginFlowRun" },
            },
            new HistoryEvent { Timestamp = time, OrchestratorCompleted = new OrchestratorCompletedEvent() },
        ];

        (status, var history) = await fixture.Worker.SendAsync("RunHistory", HttpMethod.Get, $"api/flow_runs/{id}/history");

        status.ShouldBe(HttpStatusCode.OK);
        ((string)history["flow"]!).ShouldBe("hello");
        ((string)history["execution"]!).ShouldBe("e1");
        var turn = history["turns"]!.AsArray().ShouldHaveSingleItem()!;
        ((DateTimeOffset)turn["time"]!).ShouldBe(time.ToDateTimeOffset());
        ((string)turn["calls"]![0]!["name"]!).ShouldBe("BeginFlowRun");
        turn["calls"]![0]!["text"].ShouldBeNull();
    }

    /// <summary>The keys of the Functions host are its own: whoever has passed it must still show what the app asks for.</summary>
    [WorkerFact]
    public async Task EveryHttpTrigger_AppAsksForAKey_IsUnauthorizedWithoutItButForTheProbes()
    {
        await using var worker = await RunningWorker.StartAsync(
            fixture.Azurite.ConnectionString,
            settings: new Dictionary<string, string?> { ["ApiKey"] = "key" }
        );
        (string Function, HttpMethod Method, string Path)[] requests =
        [
            ("Api", HttpMethod.Post, "api/deployments/filter"),
            ("Api", HttpMethod.Get, "api/events/in"),
            ("Api", HttpMethod.Get, "api/nowhere"),
            ("Api", HttpMethod.Options, "api/version"),
            .. new[] { "Pause", "Suspend", "Resume", "Cancel" }.Select(name =>
                ($"{name}Run", HttpMethod.Post, $"api/flow_runs/{Unknown}/{name.ToLowerInvariant()}")
            ),
            ("CreateRun", HttpMethod.Post, $"api/deployments/{Unknown}/create_flow_run"),
            ("RunHistory", HttpMethod.Get, $"api/flow_runs/{Unknown}/history"),
        ];

        foreach ((var function, var method, var path) in requests)
        {
            (var status, var answer) = await worker.SendAsync(function, method, path);
            status.ShouldBe(HttpStatusCode.Unauthorized, path);
            ((string)answer["exception_message"]!).ShouldBe("Unauthorized");
            (await worker.SendAsync(function, method, path, authorization: new("Bearer", "key"))).Status.ShouldNotBe(
                HttpStatusCode.Unauthorized,
                path
            );
        }

        (await worker.SendAsync("Health", HttpMethod.Get, "api/health")).Status.ShouldBe(HttpStatusCode.OK);
        (await worker.SendAsync("Ready", HttpMethod.Get, "api/ready")).Status.ShouldBe(HttpStatusCode.OK);
        (await worker.SendAsync("Health", HttpMethod.Get, "api/version")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
