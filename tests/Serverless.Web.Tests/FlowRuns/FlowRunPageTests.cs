using System.Text.RegularExpressions;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Web.Tests.FlowRuns;

public sealed class FlowRunPageTests
{
    [Fact]
    public async Task Read_RunningRun_ShowsStateFlowAndActions()
    {
        await using var server = await WebServer.StartAsync();
        var run = await server.CreateRunningAsync();

        var html = await server.PageAsync($"/runs/flow-run/{run.Id}");

        html.ShouldContain($"<title>Running &#xB7; {run.Name} &#xB7; hello</title>");
        html.ShouldContain($"/act/flow-run/{run.Id}/pause");
        html.ShouldContain($"/act/flow-run/{run.Id}/cancel");
        html.ShouldNotContain($"/act/flow-run/{run.Id}/retry");
    }

    [Fact]
    public async Task Read_UnknownRun_IsAPageThatSaysSo()
    {
        await using var server = await WebServer.StartAsync();

        var html = await server.PageAsync("/runs/flow-run/00000000-0000-4000-8000-000000000000", 404);

        html.ShouldContain("There is no such flow run");
        html.ShouldContain("</html>");
    }

    [Theory]
    [InlineData("logs", "Nothing was logged.")]
    [InlineData("task-runs", "It has no task runs.")]
    [InlineData("subflow-runs", "It has called no other flow.")]
    [InlineData("artifacts", "No artifacts.")]
    [InlineData("assets", "It has made no asset.")]
    [InlineData("result", "It has no result yet.")]
    [InlineData("parameters", "class=\"json\"")]
    [InlineData("states", "<th class=\"r\">Lasted</th>")]
    [InlineData("nonsense", "Nothing was logged.")]
    public async Task Read_EachTab_ShowsItAlsoAlone(string tab, string words)
    {
        await using var server = await WebServer.StartAsync();
        var run = await server.CreateRunningAsync();
        Uri address = new($"/runs/flow-run/{run.Id}?tab={tab}", UriKind.Relative);

        (await server.PageAsync(address.ToString())).ShouldContain(words);
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        request.Headers.Add("HX-Request", "true");
        request.Headers.Add("HX-Target", "tabs");
        using var answer = await server.Http.SendAsync(request);
        var part = await answer.Content.ReadAsStringAsync();

        part.ShouldContain(words);
        part.ShouldNotContain("<html");
    }

    [Fact]
    public async Task Read_FailedTaskRuns_AreFirstWithTheirErrors()
    {
        await using var server = await WebServer.StartAsync();
        var run = await server.CreateRemoteAsync(ProposedStates.Running());
        for (var number = 0; number < 60; number++)
        {
            var state = number == 55 ? ProposedStates.Failed("The disk is full.") : ProposedStates.Completed();
            await server.Gate.CreateTaskRunAsync(
                new TaskRunCreate
                {
                    FlowRunId = run.Id,
                    Name = $"part-{number}",
                    TaskKey = "part",
                    DynamicKey = $"{number}",
                    State = state,
                }
            );
        }

        var html = await server.PageAsync($"/runs/flow-run/{run.Id}?tab=task-runs");

        var table = html[html.IndexOf("<tbody>", StringComparison.Ordinal)..];
        table.IndexOf("part-55", StringComparison.Ordinal).ShouldBeLessThan(table.IndexOf("part-0", StringComparison.Ordinal));
        table.ShouldContain("The disk is full.");
        table.ShouldContain("data-failure");
        html.ShouldContain("offset=50");
        var failed = await server.PageAsync($"/runs/flow-run/{run.Id}?tab=task-runs&state=failed");
        failed[failed.IndexOf("<tbody>", StringComparison.Ordinal)..].ShouldNotContain("part-0<");
    }

    [Fact]
    public async Task Read_WithWhatTheBrowserHas_BringsOnlyWhatChanged()
    {
        await using var server = await WebServer.StartAsync();
        var run = await server.CreateRemoteAsync(ProposedStates.Scheduled());
        var versions = string.Join(
            ',',
            Regex
                .Matches(
                    await server.PageAsync($"/runs/flow-run/{run.Id}?tab=parameters"),
                    "data-live=\"(?<name>[^\"]+)\" data-version=\"(?<version>[^\"]+)\"",
                    RegexOptions.ExplicitCapture,
                    TimeSpan.FromSeconds(1)
                )
                .Select(region => $"{region.Groups["name"].Value}={region.Groups["version"].Value}")
        );

        (await UpdateAsync()).ShouldBe((204, ""));
        await server.Get<FlowRunControl>().CancelAsync(run.Id);
        var (status, html) = await UpdateAsync();

        status.ShouldBe(200);
        html.ShouldContain("<template data-region=\"head\"");
        html.ShouldNotContain("data-region=\"tab-parameters\"");
        html.ShouldNotContain("<html");

        async Task<(int Status, string Html)> UpdateAsync()
        {
            server.Time.Advance(TimeSpan.FromSeconds(3));
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri($"/runs/flow-run/{run.Id}?tab=parameters", UriKind.Relative));
            request.Headers.Add("Serverless-Live", versions);
            using var answer = await server.Http.SendAsync(request);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Cancel_OpenRun_CancelsItOnce()
    {
        await using var server = await WebServer.StartAsync();
        var run = await server.CreateRemoteAsync(ProposedStates.Scheduled());
        var page = $"/runs/flow-run/{run.Id}";

        var (status, html) = await server.ActAsync(page, $"/act/flow-run/{run.Id}/cancel");

        status.ShouldBe(200);
        html.ShouldContain("The run is told to stop.");
        (await server.Runs.GetAsync(run.Id)).ShouldNotBeNull().StateType.ShouldBe(StateType.Cancelled);
        (status, html) = await server.ActAsync(page, $"/act/flow-run/{run.Id}/cancel");
        status.ShouldBe(409);
        html.ShouldContain("role=\"alert\"");
    }

    [Fact]
    public async Task Retry_FailedRun_StartsItAgain()
    {
        await using var server = await WebServer.StartAsync();
        var run = await server.CreateRunningAsync();
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Failed(), TransitionOrigin.Orchestrator);

        (await server.ActAsync($"/runs/flow-run/{run.Id}", $"/act/flow-run/{run.Id}/retry")).Status.ShouldBe(200);

        (await server.Runs.GetAsync(run.Id)).ShouldNotBeNull().StateName.ShouldBe(StateNames.AwaitingRetry);
    }

    [Fact]
    public async Task Delete_Run_ForwardsToTheList()
    {
        await using var server = await WebServer.StartAsync();
        var run = await server.CreateRemoteAsync();

        (await server.ActAsync($"/runs/flow-run/{run.Id}", $"/act/flow-run/{run.Id}/delete")).Status.ShouldBe(204);

        await server.PageAsync($"/runs/flow-run/{run.Id}", 404);
    }

    [Fact]
    public async Task Actions_WithoutTheTokenOfAPage_AreRefused()
    {
        await using var server = await WebServer.StartAsync();
        var run = await server.CreateRemoteAsync();

        foreach (var action in new[] { "pause", "suspend", "resume", "cancel", "retry", "again", "delete" })
        {
            (await server.SendAsync($"/act/flow-run/{run.Id}/{action}")).Status.ShouldBe(403, action);
            (await server.SendAsync($"/act/flow-run/{run.Id}/{action}", ("_token", new string('0', 80)))).Status.ShouldBe(403, action);
        }

        (await server.Runs.GetAsync(run.Id)).ShouldNotBeNull().StateType.ShouldBe(run.StateType);
    }

    [Fact]
    public async Task Read_OnAStoreWithoutColumns_ShowsTheSame()
    {
        await using var server = await WebServer.StartAsync(columns: false);
        var run = await server.CreateRunningAsync();

        (await server.PageAsync($"/runs/flow-run/{run.Id}")).ShouldContain($"/act/flow-run/{run.Id}/pause");
        (await server.PageAsync("/runs")).ShouldContain(run.Name);
    }
}
