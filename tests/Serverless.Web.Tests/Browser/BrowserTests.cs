using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Serverless.Web.Tests.Browser;

/// <summary>The page in a browser, against the real host with the sample flows.</summary>
[Collection(BrowserCollection.Name)]
public sealed partial class BrowserTests(BrowserFixture browser) : IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => browser.ClosePagesAsync();

    [ChromiumFact]
    public async Task RunForm_WithAWrongValue_SaysSoBesideTheFieldAndThenRuns()
    {
        var page = await browser.OpenAsync($"/deployments/deployment/{await browser.DeploymentAsync("chain")}/run");

        await page.GetByLabel("length").FillAsync("three");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();
        await Expect(page.GetByText("This is no whole number.")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("length")).ToHaveValueAsync("three");
        await page.GetByLabel("length").FillAsync("3");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();

        // The run's page follows it to its end without being loaded again.
        await page.WaitForURLAsync(RunAddress());
        await Expect(page.Locator("[data-live=head] .st-completed")).ToBeVisibleAsync();
        await Expect(page).ToHaveTitleAsync(new Regex("^Completed · .* · chain$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Expect(page.Locator(".gantt a")).ToHaveCountAsync(3);
    }

    [ChromiumFact]
    public async Task Failure_OfATaskRun_IsVisibleAndOneKeyAway()
    {
        var run = await browser.RunAsync("flaky", new { failures = 9, retries = 1 });
        var page = await browser.OpenAsync($"/runs/flow-run/{run}");

        await Expect(page.Locator("[data-live=head] .st-failed")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-failure] .sub")).ToContainTextAsync("Attempt 2 fails");
        await page.Keyboard.PressAsync("n");
        await Expect(page.Locator("tr.here")).ToContainTextAsync("attempt");
        await page.GetByRole(AriaRole.Link, new() { Name = "States", Exact = true }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("tab=states", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Lasted" })).ToBeVisibleAsync();
    }

    [ChromiumFact]
    public async Task Pause_ThatAsksForInput_IsAnsweredOnThePage()
    {
        var run = await browser.RunAsync("approval", new { amount = 12 });
        var page = await browser.OpenAsync($"/runs/flow-run/{run}");

        await Expect(page.Locator("#pause-form")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(page.GetByText("is a required property")).ToBeVisibleAsync();
        await page.GetByLabel("approved").SelectOptionAsync("true");
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();

        await Expect(page.Locator("[data-live=head] .st-completed")).ToBeVisibleAsync();
    }

    [ChromiumFact]
    public async Task Runs_ThatUpdate_KeepTicksAndFilters()
    {
        await browser.RunAsync("hello", new { name = "a" }, "keep-first");
        var page = await browser.OpenAsync("/runs");
        List<string> asked = [];
        page.Request += (_, request) =>
        {
            if (request.Headers.ContainsKey("hx-target"))
            {
                asked.Add(request.Url);
            }
        };
        await page.GetByLabel("Name contains").PressSequentiallyAsync("keep-");
        await page.WaitForURLAsync(new Regex("name=keep-$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        asked.Clear();

        // The field loses the focus by this, which is no change of the filter: nobody asks again.
        await page.GetByLabel("Tick keep-first").CheckAsync();
        await page.GetByLabel("Order").SelectOptionAsync("NameAsc");
        await page.WaitForURLAsync(new Regex("sort=NameAsc", RegexOptions.None, TimeSpan.FromSeconds(1)));
        asked.ShouldHaveSingleItem();
        await Expect(page.GetByLabel("Tick keep-first")).ToBeCheckedAsync();
        await Expect(page.Locator("[data-ticked]")).ToHaveTextAsync("1");

        await browser.RunAsync("hello", new { name = "b" }, "keep-second");

        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "keep-second" })).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Tick keep-first")).ToBeCheckedAsync();
        await Expect(page.GetByLabel("Name contains")).ToHaveValueAsync("keep-");
        await page.GetByRole(AriaRole.Link, new() { Name = "keep-second" }).ClickAsync();
        await page.GoBackAsync();
        await Expect(page.GetByLabel("Name contains")).ToHaveValueAsync("keep-");
    }

    [ChromiumFact]
    public async Task Palette_FindsADeploymentByKeysAlone()
    {
        var page = await browser.OpenAsync("/runs");

        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("fan-out");
        await Expect(page.Locator("#palette-hits a.on")).ToContainTextAsync("fan-out");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "fan-out" })).ToBeVisibleAsync();
    }

    [ChromiumFact]
    public async Task HostileNames_AreTextAndBreakNoLayout()
    {
        var name = "<script>alert(1)</script>\u202Eevil 🐙" + new string('x', 900);
        var run = await browser.RunAsync("hello", new { name = "<img src=x onerror=alert(1)>" }, name);
        foreach (var path in new[] { "/runs", $"/runs/flow-run/{run}", $"/runs/flow-run/{run}?tab=parameters" })
        {
            var page = await browser.OpenAsync(path, width: 390);
            page.Dialog += (_, _) => throw new InvalidOperationException("A name ran as a script.");

            await Expect(page.Locator("h1, td a.name").Filter(new() { HasText = "<script>alert(1)</script>" }).First).ToBeVisibleAsync();
            (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth")).ShouldBeLessThanOrEqualTo(0, path);
        }
    }

    [ChromiumFact]
    public async Task Pages_InBothThemes_HaveNothingThatAxeFinds()
    {
        var failed = await browser.RunAsync("flaky", new { failures = 9, retries = 1 });
        var deployment = await browser.DeploymentAsync("csv-report");
        var look = await browser.OpenAsync($"/runs/flow-run/{failed}");
        await Expect(look.Locator("[data-live=head] .st-failed")).ToBeVisibleAsync();
        string[] paths =
        [
            "/runs",
            $"/runs/flow-run/{failed}",
            $"/runs/flow-run/{failed}?tab=logs",
            "/flows",
            "/deployments",
            $"/assets/key?key={Uri.EscapeDataString(await browser.MakeAssetsAsync())}",
            "/assets",
            $"/deployments/deployment/{deployment}",
            $"/deployments/deployment/{deployment}/run",
        ];
        // The colours of the other theme are the same tokens: the pages with the most of them are enough.
        (string, ColorScheme)[] pages =
        [
            .. paths.Select(path => (path, ColorScheme.Light)),
            .. paths[1..2].Select(path => (path, ColorScheme.Dark)),
        ];
        (await browser.AxeAsync(pages)).ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Host_ThatDies_IsToldAndThePageGoesOnWhenItIsBack()
    {
        _ = browser.Host;
        var host = await browser.StartHostAsync();
        var page = await browser.OpenAsync("/runs", host: host);
        await host.KillAsync();
        await Expect(page.GetByText("The host does not answer.")).ToBeVisibleAsync();

        await using var next = await browser.StartHostAsync(host.Address.Port);

        await Expect(page.GetByText("The host does not answer.")).ToBeHiddenAsync();
        await host.DisposeAsync();
    }

    [GeneratedRegex("/runs/flow-run/[0-9a-f-]{36}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RunAddress();
}
