using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Web.Tests.Runs;

public sealed class RunsPageTests
{
    [Fact]
    public async Task Read_WithoutRuns_SaysWhatToDo()
    {
        await using var server = await WebServer.StartAsync();

        (await server.PageAsync("/runs")).ShouldContain("Nothing has run yet.");
        (await server.PageAsync("/runs?state=failed")).ShouldContain("No run matches.");
    }

    [Fact]
    public async Task Read_Filters_ShowWhatTheAddressSays()
    {
        await using var server = await WebServer.StartAsync();
        var failed = await NamedAsync(server, "import-a", ProposedStates.Failed("No space left"), "prod");
        var done = await NamedAsync(server, "export-b", ProposedStates.Completed());

        await ShouldShowAsync("/runs", failed, done);
        await ShouldShowAsync("/runs?state=failed,crashed", failed);
        await ShouldShowAsync("/runs?name=EXPORT", done);
        await ShouldShowAsync("/runs?tags=prod", failed);
        await ShouldShowAsync($"/runs?flow={server.Remote.Id}", failed, done);
        await ShouldShowAsync($"/runs?flow={server.Registered.FlowId}");
        await ShouldShowAsync($"/runs?deployment={server.Registered.Id}");
        await ShouldShowAsync("/runs?before=2000-01-01");
        await ShouldShowAsync("/runs?state=nonsense&sort=nonsense&after=nonsense&offset=-5", failed, done);
        (await server.PageAsync("/runs?state=failed")).ShouldContain("No space left");

        async Task ShouldShowAsync(string path, params FlowRun[] expected)
        {
            var html = await server.PageAsync(path);
            foreach (var run in new[] { failed, done })
            {
                html.Contains(run.Id.ToString(), StringComparison.Ordinal).ShouldBe(expected.Contains(run), $"{run.Name} on {path}");
            }
        }
    }

    [Fact]
    public async Task Read_MoreThanAPage_HasTheNextOne()
    {
        await using var server = await WebServer.StartAsync();
        for (var number = 0; number < 51; number++)
        {
            await NamedAsync(server, $"run-{number:00}", ProposedStates.Completed());
        }

        var html = await server.PageAsync("/runs?sort=NameAsc");

        html.ShouldContain("run-49");
        html.ShouldNotContain(">run-50<");
        html.ShouldContain("/runs?sort=NameAsc&amp;offset=50");
        (await server.PageAsync("/runs?sort=NameAsc&offset=50")).ShouldContain(">run-50<");
    }

    [Fact]
    public async Task Results_AskedForByHtmx_AreAPartAndSayTheAddress()
    {
        await using var server = await WebServer.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri("/runs?state=failed&name=&tags=", UriKind.Relative));
        request.Headers.Add("HX-Request", "true");
        request.Headers.Add("HX-Target", "results");

        using var answer = await server.Http.SendAsync(request);

        answer.Headers.GetValues("HX-Push-Url").ShouldHaveSingleItem().ShouldBe("/runs?state=failed");
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("<html");
    }

    [Fact]
    public async Task Cancel_TickedRuns_SaysHowManyDidNotAllowIt()
    {
        await using var server = await WebServer.StartAsync();
        var open = await NamedAsync(server, "open", ProposedStates.Scheduled());
        var over = await NamedAsync(server, "over", ProposedStates.Completed());

        var (_, html) = await server.ActAsync("/runs", "/act/runs/cancel", ("id", $"{open.Id}"), ("id", $"{over.Id}"), ("id", "nonsense"));

        html.ShouldContain("1 run told to stop. 1 run did not allow it");
        (await server.Runs.GetAsync(open.Id)).ShouldNotBeNull().StateType.ShouldBe(StateType.Cancelled);
        (await server.ActAsync("/runs", "/act/runs/cancel")).Status.ShouldBe(422);
    }

    [Fact]
    public async Task DeleteAll_ThatMatch_GoesInStepsAndLeavesTheOthers()
    {
        await using var server = await WebServer.StartAsync();
        var kept = await NamedAsync(server, "kept", ProposedStates.Completed());
        for (var number = 0; number < 60; number++)
        {
            await NamedAsync(server, $"old-{number}", ProposedStates.Failed());
        }

        (string, string)[] filter = [("filter", "/runs?name=old-"), ("done", "0"), ("refused", "0")];
        var (_, first) = await server.ActAsync("/runs", "/act/runs/delete-all", filter);
        var (_, second) = await server.ActAsync("/runs", "/act/runs/delete-all", ("filter", "/runs?name=old-"), ("done", "50"));
        var (_, last) = await server.ActAsync("/runs", "/act/runs/delete-all", ("filter", "/runs?name=old-"), ("done", "60"));

        first.ShouldContain("50 runs deleted so far");
        second.ShouldContain("60 runs deleted so far");
        last.ShouldContain("60 runs deleted.");
        (await server.Runs.GetAsync(kept.Id)).ShouldNotBeNull();
        (await server.Runs.CountAsync(new() { })).ShouldBe(1);
        (await server.ActAsync("/runs", "/act/runs/delete-all", ("filter", "/runs"))).Status.ShouldBe(422);
    }

    [Fact]
    public async Task CancelAll_ThatMatch_EndsAlsoWhenSomeDoNotAllowIt()
    {
        await using var server = await WebServer.StartAsync();
        for (var number = 0; number < 3; number++)
        {
            await NamedAsync(server, $"open-{number}", ProposedStates.Scheduled());
        }

        var (_, first) = await server.ActAsync("/runs", "/act/runs/cancel-all", ("filter", "/runs?name=open-"));
        var (_, last) = await server.ActAsync("/runs", "/act/runs/cancel-all", ("filter", "/runs?name=open-"), ("done", "3"));

        first.ShouldContain("3 runs told to stop so far");
        last.ShouldContain("3 runs told to stop.");
    }

    internal static async Task<FlowRun> NamedAsync(TestServer server, string name, ProposedState state, params string[] tags) =>
        (
            await server.Runs.CreateAsync(
                new FlowRunCreate
                {
                    FlowId = server.Remote.Id,
                    Name = name,
                    State = state,
                    Tags = tags,
                }
            )
        ).Run;
}
