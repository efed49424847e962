using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Queries;
using Serverless.Server.Runs;
using Serverless.Server.SavedSearches;

namespace Serverless.Web.Tests.Runs;

public sealed class SavedSearchTests
{
    [Fact]
    public async Task Save_AFilter_IsLinkedAgainAndDeleted()
    {
        await using var server = await WebServer.StartAsync();

        var (status, html) = await server.ActAsync(
            "/runs",
            "/act/saved-searches",
            ("search", "<b>broken</b>"),
            ("filter", "/runs?state=failed,late&tags=prod&offset=50&code=secret")
        );

        status.ShouldBe(200);
        html.ShouldContain("The search was saved.");
        var page = await server.PageAsync("/runs");
        page.ShouldContain("href=\"/runs?state=failed%2Clate&amp;tags=prod\"");
        page.ShouldContain("&lt;b&gt;broken");
        page.ShouldNotContain("secret");
        var saved = (await server.Get<SavedSearchService>().ListAsync(Page.Of(0, 10), default)).ShouldHaveSingleItem();
        (await server.ActAsync("/runs", $"/act/saved-search/{saved.Id}/delete")).Status.ShouldBe(200);
        (await server.PageAsync("/runs")).ShouldNotContain("broken");
    }

    [Theory]
    [InlineData("", "/runs?state=failed")]
    [InlineData("all", "/runs")]
    [InlineData("all", "/runs?nonsense=1")]
    public async Task Save_NothingToSave_SaysSo(string name, string filter)
    {
        await using var server = await WebServer.StartAsync();

        (await server.ActAsync("/runs", "/act/saved-searches", ("search", name), ("filter", filter))).Status.ShouldBe(422);
    }

    [Fact]
    public async Task Read_SearchesOfOtherPages_AreLeftAlone()
    {
        await using var server = await WebServer.StartAsync();
        SavedSearchFilter filter = new()
        {
            Subject = "flow_run",
            Property = "state",
            Type = "string",
            Operation = "equals",
            Value = null,
        };
        await server.Get<SavedSearchService>().SaveAsync(new SavedSearchCreate { Name = "foreign", Filters = [filter] });

        (await server.PageAsync("/runs")).ShouldNotContain("foreign");
    }

    [Fact]
    public async Task Chart_OfTheRunsOfTheFilter_HasOneMarkForEach()
    {
        await using var server = await WebServer.StartAsync();
        foreach (var state in new[] { ProposedStates.Completed(), ProposedStates.Failed() })
        {
            var run = await RunsPageTests.NamedAsync(server, "<script>", ProposedStates.Running());
            server.Time.Advance(TimeSpan.FromSeconds(90));
            await server.Gate.ProposeFlowRunStateAsync(run.Id, state, TransitionOrigin.Client);
        }

        var html = await server.PageAsync("/runs?chart=1");

        html.ShouldContain("<circle class=\"dot fill-completed\"");
        html.ShouldContain("<path class=\"dot fill-failed\"");
        html.ShouldContain("1 min 30 s");
        html.ShouldContain("data-brush=\"/runs?chart=1\"");
        html.ShouldNotContain("<script>,");
        (await server.PageAsync("/runs?chart=1&state=failed")).ShouldNotContain("<circle class=\"dot");
        (await server.PageAsync("/runs")).ShouldNotContain("class=\"dot");
    }
}
