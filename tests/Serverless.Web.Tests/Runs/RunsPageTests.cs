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

    internal static async Task WithAsync(TestServer server, string name, string parameters) =>
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
