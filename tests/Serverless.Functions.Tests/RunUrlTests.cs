using Serverless.Functions.Tests.Fixtures;

namespace Serverless.Functions.Tests;

/// <summary>The address of a run's page, as its body sees it.</summary>
public sealed class RunUrlTests
{
    [Theory]
    [InlineData("https://runs.example.com/", "https://runs.example.com/runs/flow-run/")]
    [InlineData("https://app.example.com/api/page", "https://app.example.com/api/page/runs/flow-run/")]
    public async Task Url_WithThePagesAddress_IsThatOfTheRun(string page, string expected)
    {
        await using var app = await EmbeddedApp.StartAsync(settings: new Dictionary<string, string?> { ["PageUrl"] = page });
        string? url = null;
        var id = await app.RunAsync(flow =>
        {
            url = flow.Run.Url;
            return Task.FromResult(1);
        });

        await app.DriveAsync(id);

        url.ShouldBe($"{expected}{id}");
    }

    [Fact]
    public async Task Url_WithoutThePagesAddress_IsNotKnown()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var url = "unset";
        var id = await app.RunAsync(flow =>
        {
            url = flow.Run.Url;
            return Task.FromResult(1);
        });

        await app.DriveAsync(id);

        url.ShouldBeNull();
    }
}
