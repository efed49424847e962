using Microsoft.Extensions.DependencyInjection;
using Serverless.Server.Services;

namespace Serverless.Web.Tests.Settings;

public sealed class SettingsPageTests
{
    [Fact]
    public async Task Read_Services_SaysWhichFailAndWhy()
    {
        await using var server = await WebServer.StartAsync(services =>
        {
            services.AddService("Good", "does well.");
            services.AddService("Bad", "does not.");
            services.AddService("New", "has not begun.");
        });
        var runs = server.Get<ServiceRuns>();
        await runs.RunAsync("Good", null, _ => Task.FromResult(ServiceOutcome.Of(3, "released", "slots")));
        await runs.RunAsync("Bad", null, _ => throw new InvalidOperationException("<b>No space left</b>"));

        var html = await server.PageAsync("/settings");

        html.ShouldContain("released 3 slots");
        html.ShouldContain("InvalidOperationException: &lt;b&gt;No space left");
        html.ShouldContain("has not run");
        (await server.PageAsync("/dashboard")).ShouldContain("<b>Bad</b> has failed since");
    }

    [Theory]
    [InlineData(true, "SQLite")]
    [InlineData(false, "Azure Storage account")]
    public async Task Read_Host_SaysWhatItIsAndHidesTexts(bool columns, string storage)
    {
        await using var server = await WebServer.StartAsync(columns: columns);

        var html = await server.PageAsync("/settings");

        html.ShouldContain(storage);
        html.ShouldContain("that of Prefect 3.8.3");
        html.ShouldContain("RunRetentionDays");
    }
}
