using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Serverless.Web.Tests.Browser;

/// <summary>The dashboard, artifacts, variables and limits in a browser.</summary>
[Collection(BrowserCollection.Name)]
public sealed partial class PagesTests(BrowserFixture browser) : IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => browser.ClosePagesAsync();

    [ChromiumFact]
    public async Task Dashboard_DraggedOver_ShowsThatTimeAndFollowsRuns()
    {
        await browser.RunAsync("hello", new { name = "a" });
        var page = await browser.OpenAsync("/");
        await Expect(page.Locator(".chart .fill-completed").First).ToBeVisibleAsync();

        await DragAsync(page, ".chart", 0.8, 0.99);

        await page.WaitForURLAsync(Zoomed());
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Runs that were due in this time" })).ToBeVisibleAsync();
        await page.GoBackAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "24 hours" })).ToHaveAttributeAsync("aria-current", "true");
    }

    [ChromiumFact]
    public async Task Timeline_DraggedOver_ShowsThatTimeUntilAllIsAskedFor()
    {
        var run = await browser.RunAsync("chain", new { length = 5 });
        var page = await browser.OpenAsync($"/runs/flow-run/{run}?tab=states");
        await Expect(page.Locator("[data-live=head] .st-completed")).ToBeVisibleAsync();
        await Expect(page.Locator(".gantt .crit")).ToHaveCountAsync(5);

        await DragAsync(page, ".gantt", 0.22, 0.5);

        await page.WaitForURLAsync(Zoomed());
        page.Url.ShouldContain("tab=states");
        await Expect(page.Locator(".gantt .label").Nth(4)).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Show all of it" }).ClickAsync();
        await Expect(page.Locator(".gantt .label")).ToHaveCountAsync(5);
    }

    [ChromiumFact]
    public async Task Subflow_Opened_ShowsItsTaskRunsInPlace()
    {
        var run = await browser.RunAsync("parent", new { });
        var page = await browser.OpenAsync($"/runs/flow-run/{run}");
        await Expect(page.Locator("[data-live=head] .st-completed")).ToBeVisibleAsync();
        var before = await page.Locator(".gantt .label").CountAsync();

        await page.Locator(".gantt a[aria-label^='Show the task runs']").First.ClickAsync();

        await Expect(page.Locator(".gantt a[aria-label^='Hide the task runs']")).ToBeVisibleAsync();
        (await page.Locator(".gantt .label").CountAsync()).ShouldBeGreaterThan(before);
    }

    [ChromiumFact]
    public async Task Variable_MadeAndChanged_SaysWhatIsWrongAndKeepsTheRest()
    {
        var page = await browser.OpenAsync("/variables");
        await page.GetByText("New variable").ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("page-test");
        await page.GetByLabel("Value", new() { Exact = true }).FillAsync("no json");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Expect(page.GetByText("is not JSON")).ToBeVisibleAsync();
        await page.GetByLabel("Value", new() { Exact = true }).FillAsync("[1, 2]");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "page-test" })).ToBeVisibleAsync();
        await page.GetByLabel("Value", new() { Exact = true }).FillAsync("3");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change" }).ClickAsync();
        await Expect(page.GetByText("The variable was changed.")).ToBeVisibleAsync();
    }

    [ChromiumFact]
    public async Task Search_SavedFromTheFilters_IsOneClickAway()
    {
        var page = await browser.OpenAsync("/runs");
        await page.GetByLabel("Name contains").FillAsync("saved-");
        await page.WaitForURLAsync(new Regex("name=saved-", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await page.GetByText("Save this search…").ClickAsync();
        await page.GetByPlaceholder("its name").FillAsync("mine");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();

        await Expect(page.GetByText("The search was saved.")).ToBeVisibleAsync();
        await page.GotoAsync(new Uri(browser.Host.Address, "/runs").ToString());
        await page.GetByRole(AriaRole.Link, new() { Name = "mine" }).ClickAsync();
        await Expect(page.GetByLabel("Name contains")).ToHaveValueAsync("saved-");
    }

    [ChromiumFact]
    public async Task HostileNames_OnEachPage_BreakNoLayoutOnAPhone()
    {
        const string Hostile = "<script>alert(1)</script>\u202Eevil 🐙";
        var text = Hostile + new string('x', 10_000);
        await PostAsync("/api/v2/concurrency_limits/", new { name = $"tag:{new string('x', 900)}\u202E🐙", limit = 2 });
        await PostAsync(
            "/api/variables/",
            new
            {
                name = new string('v', 255),
                value = Hostile,
                tags = new[] { Hostile },
            }
        );
        var rows = new[] { new Dictionary<string, string> { [Hostile] = text } };
        await PostAsync(
            "/api/artifacts/",
            new
            {
                key = "hostile",
                type = "table",
                data = rows,
                description = text,
            }
        );
        await PostAsync(
            "/api/artifacts/",
            new
            {
                key = "hostile-text",
                type = "markdown",
                data = $"# {text}\n\n[x](javascript:alert(1))",
            }
        );
        var asset = $"s3://lake/{new string('x', 480)}";
        await PostAsync(
            "/api/events",
            new[]
            {
                new
                {
                    id = Guid.NewGuid(),
                    occurred = DateTimeOffset.UtcNow,
                    @event = "prefect.asset.materialization.succeeded",
                    resource = new Dictionary<string, string>
                    {
                        ["prefect.resource.id"] = asset,
                        ["prefect.resource.name"] = Hostile + new string('x', 900),
                        ["prefect.asset.description"] = Hostile + new string('x', 2000),
                        ["prefect.asset.url"] = "javascript:alert(1)",
                    },
                    related = Array.Empty<object>(),
                    payload = new Dictionary<string, string> { [Hostile] = text },
                },
            }
        );
        string[] paths =
        [
            "/dashboard",
            "/concurrency-limits",
            "/variables",
            "/artifacts",
            "/artifacts/key/hostile",
            "/artifacts/key/hostile-text",
            "/assets",
            $"/assets/key?key={Uri.EscapeDataString(asset)}",
            "/settings",
            "/runs?chart=1",
        ];
        foreach (var path in paths)
        {
            var page = await browser.OpenAsync(path, width: 390);
            page.Dialog += (_, _) => throw new InvalidOperationException("A name ran as a script.");
            (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth")).ShouldBeLessThanOrEqualTo(0, path);
            await page.Context.CloseAsync();
        }
    }

    /// <summary>Nothing of a drawing is cut, and nobody has to scroll sideways to see it.</summary>
    [ChromiumFact]
    public async Task Drawings_OnAPhone_FitItsWidth()
    {
        var run = await browser.RunAsync("chain", new { length = 3 });
        var asset = await browser.MakeAssetsAsync();
        foreach (
            var (path, drawn) in new[]
            {
                ($"/runs/flow-run/{run}", ".gantt .row rect"),
                ($"/assets/key?key={Uri.EscapeDataString(asset)}", ".lineage .box"),
                ("/dashboard", ".chart rect"),
                ("/runs?chart=1", ".chart circle"),
            }
        )
        {
            var page = await browser.OpenAsync(path, width: 390);
            await Expect(page.Locator(drawn).First).ToBeVisibleAsync();
            (
                await page.EvaluateAsync<int>(
                    "[...document.querySelectorAll('.scroll')].filter(it => it.scrollWidth > it.clientWidth).length"
                )
            ).ShouldBe(0, path);
            foreach (var part in await page.Locator(drawn).AllAsync())
            {
                var box = (await part.BoundingBoxAsync()).ShouldNotBeNull();
                (box.X >= 0 && box.X + box.Width <= 390).ShouldBeTrue($"{path}: {box.X} to {box.X + box.Width}");
            }
        }
    }

    [ChromiumFact]
    public async Task Pages_InBothThemes_HaveNothingThatAxeFinds()
    {
        await browser.RunAsync("hello", new { name = "axe" });
        var failed = await browser.RunAsync("flaky", new { failures = 9, retries = 0 });
        await browser.RunAsync(
            "csv-report",
            new
            {
                path = "none.csv",
                group_by = "a",
                value = "b",
            }
        );
        await PostAsync("/api/v2/concurrency_limits/", new { name = "tag:axe", limit = 2 });
        await PostAsync("/api/variables/", new { name = "axe", value = 5 });
        await PostAsync(
            "/api/artifacts/",
            new
            {
                key = "axe",
                type = "table",
                data = new[] { new { a = 1, b = "x" } },
            }
        );
        await PostAsync(
            "/api/artifacts/",
            new
            {
                key = "axe-text",
                type = "markdown",
                data = "# One\n\n- [x] two\n\n| a |\n|---|\n| 1 |",
            }
        );
        var limit = await browser.Host.Client.GetFromJsonAsync<System.Text.Json.JsonElement>(
            new Uri("/api/v2/concurrency_limits/tag:axe", UriKind.Relative)
        );
        string[] paths =
        [
            "/dashboard",
            "/runs?chart=1",
            $"/runs/flow-run/{failed}?from=2020-01-01",
            "/concurrency-limits",
            $"/concurrency-limits/{limit.GetProperty("id").GetGuid()}",
            "/variables",
            "/artifacts",
            "/artifacts/key/axe",
            "/artifacts/key/axe-text",
            "/settings",
        ];
        // The colours of the other theme are the same tokens: the pages with the most of them are enough.
        (string, ColorScheme)[] pages =
        [
            .. paths.Select(path => (path, ColorScheme.Light)),
            .. paths[..2].Select(path => (path, ColorScheme.Dark)),
        ];
        (await browser.AxeAsync(pages)).ShouldBeEmpty();
    }

    private static async Task DragAsync(IPage page, string drawing, double from, double to)
    {
        await page.Locator(drawing).ScrollIntoViewIfNeededAsync();
        var box = (await page.Locator(drawing).BoundingBoxAsync()).ShouldNotBeNull();
        var y = box.Y + (box.Height / 2);
        await page.Mouse.MoveAsync((float)(box.X + (box.Width * from)), y);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync((float)(box.X + (box.Width * (from + to) / 2)), y);
        await page.Mouse.MoveAsync((float)(box.X + (box.Width * to)), y);
        await page.Mouse.UpAsync();
    }

    private Task<System.Text.Json.JsonElement> PostAsync(string path, object body) => browser.PostAsync(path, body);

    [GeneratedRegex("from=20.*&to=20", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Zoomed();
}
