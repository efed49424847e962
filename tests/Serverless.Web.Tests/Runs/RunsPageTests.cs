using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Web.Runs;

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
        var next = Link(html, "next").ShouldNotBeNull();
        (await server.PageAsync(next)).ShouldContain(">run-50<");
    }

    /// <summary>Runs that come and go between two pages move nothing: no run is shown twice or left out.</summary>
    [Theory]
    [InlineData("NameAsc")]
    [InlineData("NameDesc")]
    [InlineData("ExpectedStartTimeDesc")]
    [InlineData("StartTimeDesc")]
    [InlineData("EndTimeDesc")]
    [InlineData("IdDesc")]
    public async Task Read_RunsComeAndGoBetweenPages_ShowsTheOthersOnce(string sort)
    {
        await using var server = await WebServer.StartAsync();
        List<FlowRun> runs = [];
        for (var number = 0; number < 120; number++)
        {
            server.Time.Advance(TimeSpan.FromSeconds(1));
            runs.Add(await NamedAsync(server, $"run ~{number:000}", ProposedStates.Completed()));
        }

        List<string> pages = [await server.PageAsync($"/runs?sort={sort}")];
        while (Link(pages[^1], "next") is { } next)
        {
            server.Time.Advance(TimeSpan.FromSeconds(1));
            await NamedAsync(server, $"zz-{pages.Count}", ProposedStates.Completed());
            await NamedAsync(server, $"aa-{pages.Count}", ProposedStates.Completed());
            pages.Add(await server.PageAsync(next));
        }

        pages.Count.ShouldBe(3);
        foreach (var run in runs)
        {
            pages.Count(page => page.Contains($">{run.Name}<", StringComparison.Ordinal)).ShouldBe(1, run.Name);
        }

        // Back, from the last page: what came meanwhile, too.
        var back = pages[^1];
        HashSet<string> seen = [.. runs.Where(run => back.Contains($">{run.Name}<", StringComparison.Ordinal)).Select(run => run.Name)];
        while (Link(back, "prev") is { } previous)
        {
            back = await server.PageAsync(previous);
            seen.UnionWith(runs.Where(run => back.Contains($">{run.Name}<", StringComparison.Ordinal)).Select(run => run.Name));
        }

        seen.Count.ShouldBe(120);
        back.ShouldNotContain("rel=\"prev\"");
    }

    [Fact]
    public async Task Read_PlaceOfALongName_GoesOnFromIt()
    {
        await using var server = await WebServer.StartAsync();
        for (var number = 0; number < 51; number++)
        {
            await NamedAsync(server, $"{new string('x', 900)}{number:00}", ProposedStates.Completed());
        }

        var next = Link(await server.PageAsync("/runs?sort=NameAsc"), "next").ShouldNotBeNull();

        next.Length.ShouldBeLessThan(200);
        (await server.PageAsync(next)).ShouldContain(">1 run<");
        (await server.PageAsync("/runs?next=nonsense&prev=nonsense")).ShouldContain(">50 runs<");
    }

    [Fact]
    public async Task Read_DueNext_ShowsOnlyWhatIsDue()
    {
        await using var server = await WebServer.StartAsync();
        await NamedAsync(server, "over", ProposedStates.Completed());
        await NamedAsync(server, "due", ProposedStates.Scheduled(server.Time.GetUtcNow().AddHours(1)));

        var html = await server.PageAsync("/runs?sort=NextScheduledStartTimeAsc");

        html.ShouldContain(">due<");
        html.ShouldNotContain(">over<");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_PartOfTheParameters_LooksAtSoManyRunsAndFurther(bool columns)
    {
        await using var server = await WebServer.StartAsync(columns: columns);
        var most = server.Get<RunFinder>().MostLooked;
        await WithAsync(server, "wanted", """{"customer": {"id": 17}, "name": "Zo\u00eb A"}""");
        for (var number = 0; number < most; number++)
        {
            await NamedAsync(server, $"other-{number}", ProposedStates.Completed());
        }

        await WithAsync(server, "also", """{"customer": {"id": 171}}""");

        var html = await server.PageAsync("/runs?sort=IdDesc&params=" + Uri.EscapeDataString("\"id\": 17"));
        html.ShouldContain(">also<");
        html.ShouldNotContain(">wanted<");
        html.ShouldContain($"Looked at the parameters of {most:N0} runs");
        html.ShouldContain("Look further");
        var further = await server.PageAsync(Link(html, "next").ShouldNotBeNull());
        further.ShouldContain(">wanted<");
        further.ShouldNotContain("Look further");

        // Back to the page before it, and from there on again.
        var before = await server.PageAsync(Link(further, "prev").ShouldNotBeNull());
        before.ShouldContain(">also<");
        before.ShouldNotContain(">wanted<");
        (await server.PageAsync(Link(before, "next").ShouldNotBeNull())).ShouldContain(">wanted<");
        (await server.PageAsync("/runs?name=wanted&params=ZO%C3%8Ba")).ShouldContain(">wanted<");
        (await server.PageAsync("/runs?name=wanted&params=none")).ShouldContain("No run matches.");
    }

    [Theory]
    [InlineData("NameAsc")]
    [InlineData("ExpectedStartTimeDesc")]
    public async Task Read_PartOfTheParametersBackwards_ShowsThePagesBefore(string sort)
    {
        await using var server = await WebServer.StartAsync();
        for (var number = 0; number < 131; number++)
        {
            server.Time.Advance(TimeSpan.FromSeconds(1));
            await WithAsync(server, $"run-{number:000}", number % 10 == 0 ? """{"other": 1}""" : """{"size": 3}""");
        }

        List<string> pages = [await server.PageAsync($"/runs?sort={sort}&params=size")];
        while (Link(pages[^1], "next") is { } next)
        {
            pages.Add(await server.PageAsync(next));
        }

        pages.Count.ShouldBe(3);
        var back = pages[^1];
        for (var page = pages.Count - 2; page >= 0; page--)
        {
            back = await server.PageAsync(Link(back, "prev").ShouldNotBeNull());
            Names(back).ShouldBe(Names(pages[page]));
        }

        // Before the first match there is a run that does not match.
        back = await server.PageAsync(Link(back, "prev").ShouldNotBeNull());
        Names(back).ShouldBe(Names(pages[0]));
        Link(back, "prev").ShouldBeNull();
        pages.SelectMany(Names).Distinct().Count().ShouldBe(117);
    }

    [Theory]
    [InlineData(true, "10,000")]
    [InlineData(false, "1,000")]
    public async Task Ask_MoreRunsThanAreCounted_SaysSo(bool columns, string most)
    {
        await using var server = await WebServer.StartAsync(columns: columns);
        var many = columns ? 10_001 : 1_001;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, many),
            new ParallelOptions { MaxDegreeOfParallelism = 64 },
            async (number, _) => await NamedAsync(server, $"many-{number}", ProposedStates.Completed())
        );

        var (status, html) = await server.ActAsync("/runs", "/act/runs/delete-ask", ("filter", "/runs?name=many-"));

        status.ShouldBe(200);
        html.ShouldContain($"Delete more than {most} runs");
    }

    /// <summary>More than other pages can do at all: in steps of 50, each of which reads and changes no more than that.</summary>
    [Fact]
    public async Task DeleteAll_MoreThanTenThousand_DeletesThemStepByStep()
    {
        await using var server = await WebServer.StartAsync();
        const int Many = 10_050;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Many),
            new ParallelOptions { MaxDegreeOfParallelism = 64 },
            async (number, _) => await NamedAsync(server, $"many-{number}", ProposedStates.Completed())
        );
        await NamedAsync(server, "kept", ProposedStates.Completed());
        var page = await server.PageAsync("/runs");
        var token = Regex
            .Match(page, "name=\"_token\" value=\"(?<token>[^\"]*)\"", RegexOptions.None, TimeSpan.FromSeconds(1))
            .Groups["token"]
            .Value;
        (string, string)[] form = [("_token", token), ("filter", "/runs?name=many-")];

        var steps = 1;
        var (_, html) = await server.SendAsync("/act/runs/delete-all", form);
        while (html.Contains("so far", StringComparison.Ordinal))
        {
            steps++;
            (_, html) = await server.SendAsync("/act/runs/delete-all", [.. form, .. Hidden(html)]);
        }

        html.ShouldContain("10,050 runs deleted.");
        steps.ShouldBe(Many / 50);
        (await server.Runs.CountAsync(new FlowRunQuery())).ShouldBe(1);
    }

    [Fact]
    public async Task Ask_BeforeManyAreChanged_SaysHowManyAndWhat()
    {
        await using var server = await WebServer.StartAsync();
        await NamedAsync(server, "a-1", ProposedStates.Completed());
        await NamedAsync(server, "a-2", ProposedStates.Failed());
        await NamedAsync(server, "a-3", ProposedStates.Scheduled());
        await WithAsync(server, "a-4", """{"size": 3}""");

        (await AskAsync("delete", "/runs?name=a-")).ShouldContain("Delete 4 runs</b>: all that match the filters, with their task runs");
        (await AskAsync("retry", "/runs?name=a-")).ShouldContain("Retry 1 run</b>");
        (await AskAsync("cancel", "/runs?name=a-")).ShouldContain("Cancel 1 run</b>");
        (await AskAsync("delete", "/runs?params=size")).ShouldContain("Delete 1 run</b>");
        (await AskAsync("cancel", "/runs?state=completed")).ShouldContain("No run matches that this can be done to.");
        await AskAsync("delete", "/runs", 422);
        (await server.Runs.CountAsync(new FlowRunQuery())).ShouldBe(4);

        async Task<string> AskAsync(string action, string filter, int expected = 200)
        {
            var (status, html) = await server.ActAsync("/runs", $"/act/runs/{action}-ask", ("filter", filter));
            status.ShouldBe(expected, html);
            return html;
        }
    }

    [Fact]
    public async Task Retry_TickedRuns_StartsThoseThatEnded()
    {
        await using var server = await WebServer.StartAsync();
        var failed = await FailedAsync(server, "failed");
        var completed = await FailedAsync(server, "completed", ProposedStates.Completed());
        var open = await FailedAsync(server, "open", ProposedStates.Scheduled(server.Time.GetUtcNow().AddHours(1)));

        var (_, html) = await server.ActAsync(
            "/runs",
            "/act/runs/retry",
            ("id", $"{failed.Id}"),
            ("id", $"{open.Id}"),
            ("id", $"{Guid.NewGuid()}")
        );

        html.ShouldContain("1 run started again. 2 runs did not allow it: It has not ended.");
        (await server.Runs.GetAsync(failed.Id)).ShouldNotBeNull().StateName.ShouldBe(StateNames.AwaitingRetry);
        (await server.Runs.GetAsync(open.Id)).ShouldNotBeNull().StateId.ShouldBe(open.StateId);
        (await server.Runs.GetAsync(completed.Id)).ShouldNotBeNull().StateType.ShouldBe(StateType.Completed);
    }

    [Fact]
    public async Task RetryAll_ThatMatch_StartsEachFailedRunOnceInSteps()
    {
        await using var server = await WebServer.StartAsync();
        List<FlowRun> failed = [];
        for (var number = 0; number < 60; number++)
        {
            failed.Add(await FailedAsync(server, $"again-{number}"));
        }

        var completed = await FailedAsync(server, "again-completed", ProposedStates.Completed());
        var alone = await NamedAsync(server, "again-alone", ProposedStates.Failed());
        (string, string)[] filter = [("filter", "/runs?name=again-")];

        var (_, first) = await server.ActAsync("/runs", "/act/runs/retry-all", filter);
        var (_, last) = await server.ActAsync("/runs", "/act/runs/retry-all", [.. filter, .. Hidden(first)]);
        var (_, late) = await server.ActAsync("/runs", "/act/runs/retry-all", ("filter", "/runs?state=late,running&name=again-"));

        first.ShouldContain("started again, 1 did not allow it so far");
        last.ShouldContain("60 runs started again, 1 did not allow it.");
        late.ShouldContain("0 runs started again.");
        foreach (var run in failed)
        {
            (await server.Runs.GetAsync(run.Id)).ShouldNotBeNull().StateName.ShouldBe(StateNames.AwaitingRetry);
        }

        (await server.Runs.GetAsync(completed.Id)).ShouldNotBeNull().StateId.ShouldBe(completed.StateId);
        (await server.Runs.GetAsync(alone.Id)).ShouldNotBeNull().StateId.ShouldBe(alone.StateId);
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

        (string, string)[] filter = [("filter", "/runs?name=old-")];
        var (_, first) = await server.ActAsync("/runs", "/act/runs/delete-all", filter);
        await NamedAsync(server, "old-but-made-meanwhile", ProposedStates.Failed());
        var (_, last) = await server.ActAsync("/runs", "/act/runs/delete-all", [.. filter, .. Hidden(first)]);

        first.ShouldContain("50 runs deleted so far");
        last.ShouldContain("60 runs deleted.");
        (await server.Runs.GetAsync(kept.Id)).ShouldNotBeNull();
        (await server.Runs.CountAsync(new() { })).ShouldBe(2);
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

        var (_, html) = await server.ActAsync("/runs", "/act/runs/cancel-all", ("filter", "/runs?name=open-"));

        html.ShouldContain("3 runs told to stop.");
    }

    /// <summary>The address of the link to the next or previous page; null for none.</summary>
    private static string? Link(string html, string rel) =>
        Regex.Match(html, $"href=\"([^\"]*)\" rel=\"{rel}\"", RegexOptions.None, TimeSpan.FromSeconds(1)) is { Success: true } found
            ? WebUtility.HtmlDecode(found.Groups[1].Value)
            : null;

    /// <summary>The names of the runs that a page shows.</summary>
    private static List<string> Names(string html) =>
        [
            .. Regex
                .Matches(html, ">(?<name>run-[0-9]+)</a>", RegexOptions.None, TimeSpan.FromSeconds(1))
                .Select(found => found.Groups["name"].Value),
        ];

    /// <summary>What the page sends with the next step.</summary>
    private static IEnumerable<(string Name, string Value)> Hidden(string html) =>
        Regex
            .Matches(html, "name=\"(?<name>after|done|refused)\" value=\"(?<value>[^\"]*)\"", RegexOptions.None, TimeSpan.FromSeconds(1))
            .Select(field => (field.Groups["name"].Value, WebUtility.HtmlDecode(field.Groups["value"].Value)));

    /// <summary>A run of a deployment, which can be started again.</summary>
    private static async Task<FlowRun> FailedAsync(TestServer server, string name, ProposedState? state = null) =>
        (
            await server.Runs.CreateAsync(
                new FlowRunCreate
                {
                    FlowId = server.Registered.FlowId,
                    DeploymentId = server.Registered.Id,
                    Name = name,
                    State = state ?? ProposedStates.Failed(),
                }
            )
        ).Run;

    private static async Task WithAsync(TestServer server, string name, string parameters) =>
        await server.Runs.CreateAsync(
            new FlowRunCreate
            {
                FlowId = server.Remote.Id,
                Name = name,
                State = ProposedStates.Completed(),
                Parameters = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(parameters)!,
            }
        );

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
