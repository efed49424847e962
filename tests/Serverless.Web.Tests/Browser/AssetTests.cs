using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Serverless.Web.Tests.Browser;

/// <summary>The assets of the sample <c>lake</c> in a browser.</summary>
[Collection(BrowserCollection.Name)]
public sealed class AssetTests(BrowserFixture browser) : IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => browser.ClosePagesAsync();

    [ChromiumFact]
    public async Task Assets_OfARun_LeadToWhatTheyWereMadeFromAndBackToTheRun()
    {
        var key = await browser.MakeAssetsAsync();
        var page = await browser.OpenAsync("/dashboard");

        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("e");
        await page.GetByRole(AriaRole.Link, new() { Name = key }).ClickAsync();

        await Expect(page).ToHaveTitleAsync($"{key} · asset");
        await Expect(page.GetByText("Orders of a day")).ToBeVisibleAsync();
        await Expect(page.Locator(".lineage a")).ToHaveCountAsync(2);
        await page.Locator(".lineage a").Filter(new() { HasText = "s3://lake/total.csv" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "s3://lake/total.csv" })).ToBeVisibleAsync();
        await page.Locator("[data-live=made] .sub a").First.ClickAsync();
        await page.WaitForURLAsync(new Regex("/runs/flow-run/", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await page.GetByRole(AriaRole.Link, new() { Name = "Assets", Exact = true }).Last.ClickAsync();
        await Expect(page.Locator("#tabs").GetByRole(AriaRole.Link, new() { Name = key })).ToBeVisibleAsync();
    }

    [ChromiumFact]
    public async Task Asset_Deleted_IsSaidBeforeAndIsGone()
    {
        const string Key = "s3://lake/deleted.csv";
        await browser.PostAsync(
            "/api/events",
            new[]
            {
                new
                {
                    id = Guid.NewGuid(),
                    occurred = DateTimeOffset.UtcNow,
                    @event = "prefect.asset.materialization.failed",
                    resource = new Dictionary<string, string> { ["prefect.resource.id"] = Key },
                    related = Array.Empty<object>(),
                    payload = new { },
                },
            }
        );
        var page = await browser.OpenAsync("/assets?q=deleted");
        var asked = "";
        page.Dialog += async (_, dialog) =>
        {
            asked = dialog.Message;
            await dialog.AcceptAsync();
        };
        await page.GetByRole(AriaRole.Link, new() { Name = Key }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();

        await page.WaitForURLAsync(new Regex("/assets$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        asked.ShouldContain("The thing itself stays where it is");
        await Expect(page.GetByText(Key)).ToHaveCountAsync(0);
    }
}
