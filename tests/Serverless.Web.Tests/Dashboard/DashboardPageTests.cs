using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Concurrency;
using Serverless.Server.Runs;
using Serverless.Web.Dashboard;
using Serverless.Web.Tests.Runs;

namespace Serverless.Web.Tests.Dashboard;

public sealed class DashboardPageTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/dashboard")]
    [InlineData("/api/page/dashboard?code=k")]
    public async Task Read_WithoutRuns_SaysWhatToDoWithALineToPaste(string path)
    {
        await using var server = await WebServer.StartAsync();

        var html = await server.PageAsync(path);

        html.ShouldContain("No run was due.");
        html.ShouldContain($"/deployments/{server.Registered.Id}/create_flow_run");
        html.ShouldContain("Nothing is late.");
        html.ShouldContain("There are no concurrency limits.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_Runs_CountsThemByStateAndFlow(bool columns)
    {
        await using var server = await WebServer.StartAsync(columns: columns);
        for (var number = 0; number < 3; number++)
        {
            await RunsPageTests.NamedAsync(server, $"done-{number}", ProposedStates.Completed());
        }

        await RunsPageTests.NamedAsync(server, "broken", ProposedStates.Failed("No space left"));
        var next = await RunsPageTests.NamedAsync(server, "in-an-hour", ProposedStates.Scheduled(server.Time.GetUtcNow().AddHours(1)));
        await server.Get<ConcurrencyLimits>().SetTagLimitAsync("database", 4);

        var html = await server.PageAsync("/dashboard");

        html.ShouldContain("<title>1 failed &#xB7; Dashboard</title>");
        html.ShouldContain("3</b> completed");
        html.ShouldContain("1</b> failed");
        html.ShouldContain("class=\"fill-failed\"");
        html.ShouldContain("1 (25 %)");
        html.ShouldContain("4 runs of this time ended");
        html.ShouldContain(next.Id.ToString());
        html.ShouldContain("0 of 4");
    }

    [Fact]
    public async Task Bars_OfAPartOfTheTime_LeadToThatTimeAndItsRuns()
    {
        await using var server = await WebServer.StartAsync();
        var run = await RunsPageTests.NamedAsync(server, "done", ProposedStates.Completed());
        var due = run.ExpectedStartTime!.Value;

        var html = await server.PageAsync($"/dashboard?from={Text(due.AddMinutes(-10))}&to={Text(due.AddMinutes(10))}");
        var list = Linked(html, "/runs?state=completed");

        html.ShouldContain("Runs that were due in this time");
        html.ShouldContain("data-brush=\"/dashboard\"");
        (await server.PageAsync(list)).ShouldContain(run.Id.ToString());
        (await server.PageAsync($"/dashboard?from={Text(due.AddHours(-9))}&to={Text(due.AddHours(-8))}")).ShouldContain("No run was due.");

        static string Text(DateTimeOffset time) =>
            time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Read_LateRun_IsListedAndLinked()
    {
        await using var server = await WebServer.StartAsync();
        var late = await server.CreateRemoteAsync(ProposedStates.Scheduled());
        await server.Gate.ProposeFlowRunStateAsync(
            late.Id,
            new ProposedState { Type = StateType.Scheduled, Name = StateNames.Late },
            TransitionOrigin.Orchestrator
        );
        var other = await server.CreateRemoteAsync(ProposedStates.Scheduled(server.Time.GetUtcNow().AddHours(1)));

        (await server.PageAsync("/dashboard")).ShouldContain("/runs?state=late&amp;sort=ExpectedStartTimeAsc");
        var list = await server.PageAsync("/runs?state=late");

        list.ShouldContain(late.Id.ToString());
        list.ShouldNotContain(other.Id.ToString());
        (await server.PageAsync("/runs?state=late,scheduled")).ShouldContain(other.Id.ToString());
    }

    [Fact]
    public async Task CancelAll_OfLateRuns_LeavesTheOtherScheduledOnes()
    {
        await using var server = await WebServer.StartAsync();
        var other = await server.CreateRemoteAsync(ProposedStates.Scheduled(server.Time.GetUtcNow().AddHours(1)));

        var (_, html) = await server.ActAsync("/runs", "/act/runs/cancel-all", ("filter", "/runs?state=late"));

        html.ShouldContain("0 runs told to stop.");
        (await server.Runs.GetAsync(other.Id)).ShouldNotBeNull().StateType.ShouldBe(StateType.Scheduled);
    }

    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.95, 95)]
    [InlineData(1, 100)]
    public void Percentile_OfAHundred_IsThatOne(double part, double expected) =>
        FlowFigures.Percentile([.. Enumerable.Range(1, 100).Select(number => (double)number)], part).ShouldBe(expected);

    private static string Linked(string html, string beginning)
    {
        var at = html.IndexOf($"href=\"{beginning}", StringComparison.Ordinal) + "href=\"".Length;
        return System.Net.WebUtility.HtmlDecode(html[at..html.IndexOf('"', at)]);
    }
}
