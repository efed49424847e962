using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Serverless.Web.Tests.Browser;

/// <summary>The list of runs in a browser: pages, parameters, starting many again; and the way from a timeline to the logs.</summary>
[Collection(BrowserCollection.Name)]
public sealed class RunListTests(BrowserFixture browser) : IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => browser.ClosePagesAsync();

    [ChromiumFact]
    public async Task Pages_RunsComeMeanwhile_GoOnWhereTheLastOneEnded()
    {
        for (var number = 10; number < 65; number++)
        {
            await browser.RunAsync("hello", new { name = "a" }, $"paged-{number}");
        }

        var page = await browser.OpenAsync("/runs?name=paged-&sort=NameAsc");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "paged-59" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Next" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "paged-60" })).ToBeVisibleAsync();
        await browser.RunAsync("hello", new { name = "b" }, "paged-00");
        await page.ReloadAsync();

        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "paged-64" })).ToBeVisibleAsync();
        await Expect(page.Locator("td a.name")).ToHaveCountAsync(5);
        await page.GetByRole(AriaRole.Link, new() { Name = "Previous" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "paged-59" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "paged-00" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Previous" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "paged-00" })).ToBeVisibleAsync();
        await page.GoBackAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "paged-59" })).ToBeVisibleAsync();
    }

    [ChromiumFact]
    public async Task Parameters_APartOfThem_FindsTheRunAndStandsInTheAddress()
    {
        await browser.RunAsync("hello", new { name = "Wanted One" }, "by-parameters");
        await browser.RunAsync("hello", new { name = "Other" }, "by-others");
        var page = await browser.OpenAsync("/runs");

        await page.GetByLabel("Parameters contain").FillAsync("\"name\": \"wanted");
        await page.GetByLabel("Parameters contain").PressAsync("Enter");

        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "by-parameters" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "by-others" })).ToHaveCountAsync(0);
        await Expect(page.GetByText("Looked at the parameters of")).ToBeVisibleAsync();
        await page.WaitForURLAsync(new Regex("params=", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await page.ReloadAsync();
        await Expect(page.GetByLabel("Parameters contain")).ToHaveValueAsync("\"name\": \"wanted");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "by-parameters" })).ToBeVisibleAsync();
    }

    [ChromiumFact]
    public async Task Retry_TickedAndAllThatMatch_SaysWhatItWillDoAndThenHowFarItIs()
    {
        List<Guid> runs = [];
        for (var number = 0; number < 3; number++)
        {
            runs.Add(await browser.RunAsync("flaky", new { failures = 9, retries = 0 }, $"retried-{number}"));
        }

        foreach (var run in runs)
        {
            await browser.WhenFailedAsync(run, starts: 1);
        }

        var page = await browser.OpenAsync("/runs?name=retried-&state=failed");
        List<string> asked = [];
        page.Dialog += async (_, dialog) =>
        {
            asked.Add(dialog.Message);
            await dialog.AcceptAsync();
        };
        await Expect(page.Locator("td a.name")).ToHaveCountAsync(3);
        await page.GetByLabel("Tick retried-1").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Retry", Exact = true }).ClickAsync();

        await Expect(page.GetByText("1 run started again.")).ToBeVisibleAsync();
        await browser.WhenFailedAsync(runs[1], starts: 2);
        await page.GetByText("All that match…").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Retry all that match" }).ClickAsync();
        await Expect(page.Locator("#bulk")).ToContainTextAsync("failed, crashed or were cancelled");
        await page.GetByRole(AriaRole.Button, new() { Name = "Retry 3 runs" }).ClickAsync();
        await Expect(page.Locator("#bulk")).ToContainTextAsync("3 runs started again.");
        asked.ShouldHaveSingleItem();
    }

    [ChromiumFact]
    public async Task DeleteAll_Stopped_SaysHowFarItCameAndLeavesTheRest()
    {
        for (var number = 0; number < 70; number++)
        {
            await browser.CreateAsync($"stopped-{number}");
        }

        var page = await browser.OpenAsync("/runs?name=stopped-");
        var steps = 0;
        TaskCompletionSource second = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync(
            "**/act/runs/delete-all",
            async route =>
            {
                if (++steps == 1)
                {
                    await route.ContinueAsync();
                }
                else
                {
                    // The second step does not reach the host before it is stopped.
                    second.TrySetResult();
                }
            }
        );
        await page.GetByText("All that match…").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete all that match" }).ClickAsync();
        await Expect(page.Locator("#bulk")).ToContainTextAsync("Delete 70 runs: all that match the filters, with their task runs");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete 70 runs" }).ClickAsync();
        await second.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await Expect(page.Locator("#bulk")).ToContainTextAsync("50 runs deleted so far");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();

        await Expect(page.GetByText("50 runs deleted, then it was stopped.")).ToBeVisibleAsync();
        await Expect(page.Locator("#bulk")).ToHaveCountAsync(0);
        await page.ReloadAsync();
        await Expect(page.Locator("td a.name")).ToHaveCountAsync(20);
        steps.ShouldBe(2);
    }

    /// <summary>More than the page counts: it says so, goes on by itself, stops when it is told to, and then takes the rest.</summary>
    [ChromiumFact]
    public async Task DeleteAll_MoreThanAreCounted_IsStoppedAndGoesOnToTheEnd()
    {
        const int Many = 10_100;
        var flow = (await browser.PostAsync("/api/flows/", new { name = "remote" })).GetProperty("id").GetGuid();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Many),
            new ParallelOptions { MaxDegreeOfParallelism = 64 },
            async (number, _) =>
                await browser.PostAsync(
                    "/api/flow_runs/",
                    new
                    {
                        flow_id = flow,
                        name = $"very-many-{number}",
                        state = new { type = "COMPLETED" },
                    }
                )
        );
        var page = await browser.OpenAsync("/runs?name=very-many-");
        var bulk = page.Locator("#bulk");
        await page.GetByText("All that match…").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete all that match" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete more than 10,000 runs" }).ClickAsync();
        await Expect(bulk).ToContainTextAsync("runs deleted so far");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Expect(page.GetByText("runs deleted, then it was stopped.")).ToBeVisibleAsync();
        var left = await CountAsync("very-many-");
        left.ShouldBeInRange(1, Many - 50);

        await page.ReloadAsync();
        await page.GetByText("All that match…").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete all that match" }).ClickAsync();
        await bulk.Locator("button.danger").ClickAsync();

        await Expect(bulk).ToContainTextAsync("runs deleted.", new() { Timeout = 120_000 });
        (await CountAsync("very-many-")).ShouldBe(0);
    }

    [ChromiumFact]
    public async Task Timeline_ABarClicked_LeadsToTheLogsOfThatTaskRun()
    {
        var run = await browser.RunAsync("chain", new { length = 2 });
        var page = await browser.OpenAsync($"/runs/flow-run/{run}?tab=logs");
        await Expect(page.Locator("[data-live=head] .st-completed")).ToBeVisibleAsync();
        var link = page.Locator(".gantt a").Nth(1);
        var task = Guid.Parse((await link.GetAttributeAsync("href")).ShouldNotBeNull().Split('/')[^1]);
        await LogAsync(run, task, "of the second task run");
        await LogAsync(run, null, "of the flow run");

        await link.ClickAsync();

        await Expect(page.Locator(".log .msg")).ToHaveCountAsync(1);
        await Expect(page.Locator(".log .msg").First).ToContainTextAsync("of the second task run");
        await Expect(page.Locator(".log .msg").First).ToBeInViewportAsync();
        await page.GoBackAsync();
        await Expect(page.Locator(".log .msg")).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Link, new() { Name = "task run", Exact = true }).ClickAsync();
        await Expect(page.Locator(".log .msg")).ToHaveCountAsync(1);
    }

    private async Task<int> CountAsync(string name) =>
        (await browser.PostAsync("/api/flow_runs/count", new { flow_runs = new { name = new { like_ = name } } })).GetInt32();

    private async Task LogAsync(Guid run, Guid? task, string message)
    {
        var line = new
        {
            name = "test",
            level = 20,
            message,
            timestamp = DateTimeOffset.UtcNow,
            flow_run_id = run,
            task_run_id = task,
        };
        using var answer = await browser.Host.Client.PostAsJsonAsync(new Uri("/api/logs/", UriKind.Relative), new[] { line });
        answer.EnsureSuccessStatusCode();
    }
}
