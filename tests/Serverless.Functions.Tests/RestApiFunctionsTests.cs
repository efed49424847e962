using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serverless.Core.States;
using Serverless.Functions.Http;
using Serverless.Functions.Storage;
using Serverless.Functions.Tests.Fixtures;

namespace Serverless.Functions.Tests;

/// <summary>The HTTP triggers, as the Functions host calls them: with a request that its own routing has matched.</summary>
public sealed class RestApiFunctionsTests
{
    [Fact]
    public async Task CreateFlowRun_OfDeployment_RunsIt()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.Bodies["five"] = _ => Task.FromResult(5);

        (var status, var run) = await CallAsync(
            app,
            (functions, request) => functions.CreateFlowRunAsync(request),
            $"/api/deployments/{await app.DeploymentAsync(Scripts.Plain)}/create_flow_run",
            """{"parameters": {"body": "five"}}"""
        );

        status.ShouldBe(StatusCodes.Status201Created);
        var id = run.GetProperty("id").GetGuid();
        (await app.WhenFinalAsync(id)).StateName.ShouldBe(StateNames.Completed);
        (status, var result) = await CallAsync(
            app,
            (functions, request) => functions.ApiAsync(request),
            $"/api/flow_runs/{id}/result",
            body: null
        );
        status.ShouldBe(StatusCodes.Status200OK);
        result.GetInt32().ShouldBe(5);
    }

    [Fact]
    public async Task Input_PostedToAFlowThatWaits_ReachesIt()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            await flow.RunAsync((Work work) => work.Do(1));
            return (await flow.Input.ReceiveAsync<int>()).Value;
        });
        await app.WhenExecutedAsync("do 1");

        (var status, _) = await CallAsync(
            app,
            (functions, request) => functions.ApiAsync(request),
            $"/api/flow_runs/{id}/input",
            """{"key": "intautomaticruninput-auto-1", "value": "{\"value\": 7}", "sender": "shop"}"""
        );

        status.ShouldBe(StatusCodes.Status201Created);
        await app.WhenFinalAsync(id);
        (await app.ResultAsync(id)).ShouldBe("7");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task PauseResumeCancel_RunningRun_Obeys()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)));
        await app.WhenExecutedAsync("hold 1");

        (await CallAsync(app, (functions, request) => functions.PauseAsync(request), $"/api/flow_runs/{id}/pause", "{}"))
            .Body.GetProperty("status")
            .GetString()
            .ShouldBe("ACCEPT");
        (await app.GetAsync(id)).StateName.ShouldBe(StateNames.Paused);
        (await CallAsync(app, (functions, request) => functions.ResumeAsync(request), $"/api/flow_runs/{id}/resume", "{}"))
            .Body.GetProperty("status")
            .GetString()
            .ShouldBe("ACCEPT");
        (await app.GetAsync(id)).StateName.ShouldBe(StateNames.Running);
        (await CallAsync(app, (functions, request) => functions.SuspendAsync(request), $"/api/flow_runs/{id}/suspend", "{}"))
            .Body.GetProperty("status")
            .GetString()
            .ShouldBe("ACCEPT");
        (await app.GetAsync(id)).StateName.ShouldBe(StateNames.Suspended);
        (
            await CallAsync(app, (functions, request) => functions.CancelAsync(request), $"/api/flow_runs/{id}/cancel", "{}")
        ).Status.ShouldBeInRange(200, 201);
        await app.WhenExecutedAsync("told 1");
        await app.ShouldSettleAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Paused Running Suspended Cancelled");
    }

    [Fact]
    public async Task History_Run_IsGivenOutUntilItIsPurged()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.Do(7)));
        await app.WhenFinalAsync(id);
        await app.ShouldSettleAsync(id);

        (var status, var history) = await HistoryAsync(app, id);

        status.ShouldBe(StatusCodes.Status200OK);
        history.GetProperty("flow").GetString().ShouldBe(Scripts.Plain);
        history
            .GetProperty("turns")
            .EnumerateArray()
            .SelectMany(turn => turn.GetProperty("calls").EnumerateArray())
            .Select(call => call.GetProperty("text").GetString())
            .ShouldContain(text =>
                text!.StartsWith("task ", StringComparison.Ordinal) && text.EndsWith("Work.Do, call 0", StringComparison.Ordinal)
            );

        app.Clock.Advance(2 * HistoryPurge.Grace);
        await app.Get<HistoryPurge>().RunAsync(app.Client, CancellationToken.None);
        (status, var gone) = await HistoryAsync(app, id);

        status.ShouldBe(StatusCodes.Status410Gone);
        gone.GetProperty("detail").GetString()!.ShouldContain("removed 60 minutes after the end");
    }

    [Fact]
    public async Task History_UnknownRunOrHostWithout_IsNotFound()
    {
        await using var app = await EmbeddedApp.StartAsync();

        (await HistoryAsync(app, Guid.NewGuid())).Status.ShouldBe(StatusCodes.Status404NotFound);
        (
            await CallAsync(
                app,
                (functions, request) => functions.ApiAsync(request),
                $"/api/flow_runs/{Guid.NewGuid()}/history",
                body: null
            )
        ).Status.ShouldBe(StatusCodes.Status404NotFound);
    }

    private static Task<(int Status, JsonElement Body)> HistoryAsync(EmbeddedApp app, Guid id) =>
        CallAsync(app, (functions, request) => functions.HistoryAsync(request, app.Client), $"/api/flow_runs/{id}/history", body: null);

    [Fact]
    public async Task Api_UnknownRunOrPath_IsNotFound()
    {
        await using var app = await EmbeddedApp.StartAsync();
        const string Unknown = "00000000-0000-4000-8000-000000000000";

        foreach (var path in new[] { $"/api/flow_runs/{Unknown}", "/api/nowhere" })
        {
            (var status, var problem) = await CallAsync(app, (functions, request) => functions.ApiAsync(request), path, body: null);
            status.ShouldBe(StatusCodes.Status404NotFound);
            problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        }

        (
            await CallAsync(app, (functions, request) => functions.CancelAsync(request), $"/api/flow_runs/{Unknown}/cancel", "{}")
        ).Status.ShouldBe(StatusCodes.Status404NotFound);
    }

    [Theory]
    [InlineData("/api/events/in")]
    [InlineData("/api/events/out")]
    public async Task Websocket_OfTheFunctionsHost_IsNotImplemented(string path)
    {
        await using var app = await EmbeddedApp.StartAsync();

        (var status, var answer) = await CallAsync(app, (functions, request) => functions.ApiAsync(request), path, body: null);

        status.ShouldBe(StatusCodes.Status501NotImplemented);
        answer.GetProperty("detail").GetString().ShouldBe("This host has no websockets: the embedded host has.");
    }

    [Fact]
    public async Task Api_OfTheDocumentAndItsPage_ServesThem()
    {
        await using var app = await EmbeddedApp.StartAsync();

        (var status, var document) = await CallAsync(
            app,
            (functions, request) => functions.ApiAsync(request),
            "/api/openapi.json",
            body: null
        );

        status.ShouldBe(StatusCodes.Status200OK);
        document.GetProperty("paths").EnumerateObject().Count().ShouldBeGreaterThan(60);
        foreach (var path in new[] { "/api/docs", "/api/docs/start.js" })
        {
            (status, var text) = await SendAsync(app, (functions, request) => functions.ApiAsync(request), path, body: null);
            status.ShouldBe(StatusCodes.Status200OK, path);
            Encoding.UTF8.GetString(text).ShouldContain("document");
        }
    }

    [Fact]
    public async Task Api_OfThePage_ServesItBelowApi()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.Bodies["five"] = _ => Task.FromResult(5);
        (_, var run) = await CallAsync(
            app,
            (functions, request) => functions.CreateFlowRunAsync(request),
            $"/api/deployments/{await app.DeploymentAsync(Scripts.Plain)}/create_flow_run",
            """{"parameters": {"body": "five"}}"""
        );

        var name = run.GetProperty("name").GetString()!;
        foreach (
            var (path, shown) in new[]
            {
                ("/api/page", "Dashboard"),
                ("/api/page/runs", name),
                ("/api/page/assets", "No task has made an asset."),
                ($"/api/page/runs/flow-run/{run.GetProperty("id").GetGuid()}", name),
            }
        )
        {
            (var status, var html) = await SendAsync(app, (functions, request) => functions.ApiAsync(request), path, body: null);
            status.ShouldBe(StatusCodes.Status200OK, path);
            Encoding.UTF8.GetString(html).ShouldContain(shown);
        }
    }

    private static async Task<(int Status, JsonElement Body)> CallAsync(
        EmbeddedApp app,
        Func<RestApiFunctions, HttpRequest, Task> function,
        string path,
        string? body
    )
    {
        (var status, var answer) = await SendAsync(app, function, path, body);
        return (status, answer.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(answer));
    }

    private static async Task<(int Status, byte[] Body)> SendAsync(
        EmbeddedApp app,
        Func<RestApiFunctions, HttpRequest, Task> function,
        string path,
        string? body
    )
    {
        using MemoryStream answer = new();
        DefaultHttpContext http = new() { RequestServices = app.Services };
        http.Request.Method = body is null ? HttpMethods.Get : HttpMethods.Post;
        http.Request.Path = path;
        http.Request.RouteValues["id"] = "as the trigger's own route has it";
        http.Response.Body = answer;
        if (body is not null)
        {
            http.Request.ContentType = "application/json";
            http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
            http.Request.ContentLength = http.Request.Body.Length;
        }

        await function(new RestApiFunctions(app.Get<RestApi>()), http.Request);
        return (http.Response.StatusCode, answer.ToArray());
    }
}
