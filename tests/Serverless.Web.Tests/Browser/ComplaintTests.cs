using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Serverless.Web.Tests.Browser;

/// <summary>What users of comparable pages complain of, and what must not happen here.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ComplaintTests(BrowserFixture browser) : IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => browser.ClosePagesAsync();

    /// <summary>"To find the one that failed I have to load thousands."</summary>
    [ChromiumFact]
    public async Task TenThousandTaskRuns_OneFailed_IsOnTopWithItsError()
    {
        var run = await browser.CreateAsync("ten-thousand");
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 10_000),
            new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (number, _) =>
                await browser.CreateTaskAsync(
                    run,
                    $"item-{number}",
                    number == 7_777 ? "FAILED" : "COMPLETED",
                    number == 7_777 ? "Out of paper" : null
                )
        );

        var page = await browser.OpenAsync($"/runs/flow-run/{run}");

        await Expect(page.Locator(".why.bad")).ToContainTextAsync("item-7777: Out of paper");
        await Expect(page.Locator("[data-live=timeline]").GetByText("9,999")).ToBeVisibleAsync();
        await Expect(page.Locator("#tabs tbody tr").First).ToContainTextAsync("Out of paper");
        await page.Keyboard.PressAsync("n");
        await Expect(page.Locator("tr.here")).ToContainTextAsync("item-7777");

        // What the browser has to lay out does not grow with the task runs.
        (await page.Locator(".gantt .label").CountAsync()).ShouldBeLessThanOrEqualTo(200);
        (await page.EvaluateAsync<int>("document.querySelectorAll('*').length")).ShouldBeLessThan(6_000);
        (await page.Locator("#tabs tbody tr").CountAsync()).ShouldBe(50);
    }

    /// <summary>"One switch of a tab asks the server 72 times, and shows the former tab meanwhile."</summary>
    [ChromiumFact]
    public async Task TabAndUpdate_EachAsksOnce()
    {
        var run = await browser.CreateAsync("asks-once", new { text = new string('x', 300_000) });
        await browser.CreateTaskAsync(run, "first", "RUNNING");
        var page = await browser.OpenAsync($"/runs/flow-run/{run}?tab=task-runs");
        List<IRequest> asked = [];
        page.Request += (_, request) => asked.Add(request);
        TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync(
            "**tab=parameters**",
            async route =>
            {
                await answer.Task;
                await route.ContinueAsync();
            }
        );

        await page.GetByRole(AriaRole.Link, new() { Name = "Parameters", Exact = true }).ClickAsync();
        await Expect(page.Locator("[data-live=tab-task-runs]")).ToBeHiddenAsync();
        answer.SetResult();

        await Expect(page.Locator("[data-live=tab-parameters]")).ToBeVisibleAsync();
        asked.Count(request => request.Headers.ContainsKey("hx-target")).ShouldBe(1);
        (await page.Locator(".json").TextContentAsync()).ShouldNotBeNull().Length.ShouldBeLessThan(10_000);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "all of it" })).ToBeVisibleAsync();

        // An update is one request for the page itself, whatever has changed.
        asked.Clear();
        await browser.PostAsync($"/api/flow_runs/{run}/set_state", new { state = new { type = "FAILED", message = "It is over" } });
        await Expect(page.Locator("[data-live=head] .st-failed")).ToBeVisibleAsync();
        await Expect(page).ToHaveTitleAsync("Failed · asks-once · remote");
        asked.ShouldAllBe(request => request.Headers.ContainsKey("serverless-live"));
        asked.Count.ShouldBeLessThanOrEqualTo(2);
    }

    /// <summary>"The list jumps to its top when it updates, and what I mistyped I have to clear by mouse."</summary>
    [ChromiumFact]
    public async Task List_ThatUpdates_StaysWhereItIsAndASearchIsClearedByAKey()
    {
        for (var number = 0; number < 40; number++)
        {
            await browser.CreateAsync($"scrolled-{number}");
        }

        var page = await browser.OpenAsync("/runs?name=scrolled-");
        await page.EvaluateAsync("scrollTo(0, 500)");
        await browser.CreateAsync("scrolled-last");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "scrolled-last" })).ToHaveCountAsync(1);
        (await page.EvaluateAsync<int>("scrollY")).ShouldBe(500);
        await Expect(page.Locator("td a.name")).ToHaveCountAsync(41);

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("mistyped");
        await Expect(page.GetByText("No run matches.")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByLabel("Name contains")).ToHaveValueAsync("");
        await Expect(page.GetByText("No run matches.")).ToHaveCountAsync(0);
    }

    /// <summary>"Durations are in bare seconds, links in logs cannot be clicked, dates cannot be typed."</summary>
    [ChromiumFact]
    public async Task TimesLinksAndDates_AreForPeople()
    {
        var run = await browser.CreateAsync("for-people");
        await browser.PostAsync(
            "/api/logs/",
            new[]
            {
                new
                {
                    name = "test",
                    level = 20,
                    message = "See https://example.com/a?b=1.",
                    timestamp = DateTimeOffset.UtcNow,
                    flow_run_id = run,
                },
            }
        );
        var page = await browser.OpenAsync($"/runs/flow-run/{run}?tab=logs");
        await Expect(page).ToHaveTitleAsync("Running · for-people · remote");
        await Expect(page.Locator(".log a")).ToHaveAttributeAsync("href", "https://example.com/a?b=1");
        await page.Clock.SetFixedTimeAsync(DateTime.UtcNow.AddMinutes(65));
        await Expect(page.Locator("[data-live=facts] [data-since]"))
            .ToHaveTextAsync(new Regex("^1 h [45] min$", RegexOptions.None, TimeSpan.FromSeconds(1)));

        page = await browser.OpenAsync("/runs?name=for-people");
        await page.GetByLabel("Due after").FillAsync("2026-01-31 14:00");
        await page.GetByLabel("Due after").PressAsync("Enter");
        await page.WaitForURLAsync(new Regex("after=2026-01-31T14%3A00%3A00Z", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "for-people" })).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(page.GetByLabel("Due after")).ToHaveValueAsync("2026-01-31 14:00");
    }

    /// <summary>"Bursts and long waits share one scale, and I cannot tell waiting from executing."</summary>
    [ChromiumFact]
    public async Task Timeline_BurstsHoursApart_CutsTheTimeBetweenAndShowsWaiting()
    {
        var run = await browser.CreateAsync("hours-apart");
        var begin = DateTimeOffset.UtcNow.AddHours(-2);
        await HappenedAsync(run, "burst", begin, begin.AddSeconds(2), begin.AddSeconds(6));
        await HappenedAsync(run, "later", begin.AddMinutes(110), begin.AddMinutes(110).AddSeconds(3), begin.AddMinutes(110).AddSeconds(8));
        var page = await browser.OpenAsync($"/runs/flow-run/{run}");

        await Expect(page.Locator(".gantt .label")).ToHaveCountAsync(2);
        await Expect(page.Locator(".gantt .gap title")).ToContainTextAsync("Nothing happened for 1 h 50 min");
        await Expect(page.Locator(".gantt .wait")).ToHaveCountAsync(2);
        await Expect(page.Locator(".gantt a .fill-completed")).ToHaveCountAsync(2);
        (await page.Locator(".gantt a .fill-completed").First.BoundingBoxAsync()).ShouldNotBeNull().Width.ShouldBeGreaterThan(100);
        await page.GetByLabel("Timeline from").FillAsync($"{begin.AddMinutes(100):yyyy-MM-dd HH:mm:ss}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Zoom" }).ClickAsync();
        await Expect(page.Locator(".gantt .label")).ToHaveCountAsync(1);
    }

    /// <summary>"Subflows do not open in place while they run, and clutter the list of runs."</summary>
    [ChromiumFact]
    public async Task Subflow_ThatRuns_OpensInPlaceAndIsNotInTheList()
    {
        var parent = await browser.CreateAsync("outer-run");
        var child = await browser.CreateAsync("inner-run", parentTaskRun: await browser.CreateTaskAsync(parent, "stand-in", "RUNNING"));
        await browser.CreateTaskAsync(child, "inner-first", "RUNNING");
        var page = await browser.OpenAsync($"/runs/flow-run/{parent}");

        await page.GetByRole(AriaRole.Link, new() { Name = "Show the task runs of inner-run" }).ClickAsync();
        await Expect(page.Locator(".gantt .label")).ToHaveCountAsync(2);
        await browser.CreateTaskAsync(child, "inner-second", "RUNNING");
        await Expect(page.Locator(".gantt .label").Filter(new() { HasText = "inner-second" })).ToBeVisibleAsync();

        page = await browser.OpenAsync("/runs?name=er-run");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "outer-run" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "inner-run" })).ToHaveCountAsync(0);
        await page.GetByLabel("with subflow runs").CheckAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "inner-run" })).ToBeVisibleAsync();
    }

    /// <summary>A schedule is seen before it is made, and can be changed.</summary>
    [ChromiumFact]
    public async Task Schedule_Typed_ShowsItsNextTimesAndIsAddedAndChanged()
    {
        var page = await browser.OpenAsync($"/deployments/deployment/{await browser.DeploymentAsync("sleepy")}");

        await page.Locator("#timezone-new").FillAsync("Europe/Berlin");
        await page.Locator("#what-new").FillAsync("0 9 1 1 *");
        await Expect(page.Locator("#preview-new li")).ToHaveCountAsync(10);
        await Expect(page.Locator("#preview-new li").First).ToContainTextAsync("-01-01 09:00:00 +01:00");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(page.GetByText("cron 0 9 1 1 * in Europe/Berlin")).ToBeVisibleAsync();
        await page.GetByText("Change…").ClickAsync();
        await page.Locator("details[open] [name=what]").FillAsync("0 8 1 1 *");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change", Exact = true }).ClickAsync();
        await Expect(page.GetByText("cron 0 8 1 1 * in Europe/Berlin")).ToBeVisibleAsync();
        page.Dialog += async (_, dialog) => await dialog.AcceptAsync();
        await page.Locator("[data-live=schedules]").GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(page.GetByText("None: it runs only when somebody asks.")).ToBeVisibleAsync();
    }

    /// <summary>A task run that a client told of: when it was due, began and ended.</summary>
    private async Task HappenedAsync(Guid run, string name, DateTimeOffset due, DateTimeOffset start, DateTimeOffset end)
    {
        var id = Guid.NewGuid();
        object Told(string type, DateTimeOffset at, int runCount) =>
            new
            {
                id = Guid.NewGuid(),
                occurred = at,
                @event = $"prefect.task-run.{type}",
                resource = new Dictionary<string, string>
                {
                    ["prefect.resource.id"] = $"prefect.task-run.{id}",
                    ["prefect.resource.name"] = name,
                    ["prefect.state-type"] = type.ToUpperInvariant(),
                    ["prefect.orchestration"] = "client",
                },
                related = new[]
                {
                    new Dictionary<string, string>
                    {
                        ["prefect.resource.id"] = $"prefect.flow-run.{run}",
                        ["prefect.resource.role"] = "flow-run",
                    },
                },
                payload = new
                {
                    intended = new { from = (string?)null, to = type.ToUpperInvariant() },
                    initial_state = (object?)null,
                    validated_state = new
                    {
                        type = type.ToUpperInvariant(),
                        name = type,
                        state_details = new { },
                    },
                    task_run = new
                    {
                        name,
                        task_key = name,
                        dynamic_key = "0",
                        run_count = runCount,
                        expected_start_time = due,
                        start_time = type == "Pending" ? (DateTimeOffset?)null : start,
                        end_time = type == "Completed" ? end : (DateTimeOffset?)null,
                    },
                },
            };
        await browser.PostAsync("/api/events", new[] { Told("Pending", due, 0), Told("Running", start, 1), Told("Completed", end, 1) });
    }
}
