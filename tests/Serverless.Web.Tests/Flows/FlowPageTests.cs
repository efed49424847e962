using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Flows;
using Serverless.Web.Tests.Runs;

namespace Serverless.Web.Tests.Flows;

public sealed class FlowPageTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_RunsThatEnded_SaysHowManyFailed(bool columns)
    {
        await using var server = await WebServer.StartAsync(columns: columns);
        var page = $"/flows/flow/{server.Remote.Id}";
        (await server.PageAsync(page)).ShouldNotContain("ended in the last seven days");
        await RunsPageTests.NamedAsync(server, "done", ProposedStates.Completed());
        await RunsPageTests.NamedAsync(server, "broken", ProposedStates.Failed());
        await RunsPageTests.NamedAsync(server, "lost", ProposedStates.Crashed());
        await RunsPageTests.NamedAsync(server, "open", ProposedStates.Scheduled(server.Time.GetUtcNow().AddHours(1)));

        var html = await server.PageAsync(page);

        html.ShouldContain("How long it took");
        html.ShouldContain("Of 3 runs that ended in the last seven days, 2 (66.7 %) failed or crashed. Half executed within");
        server.Time.Advance(TimeSpan.FromDays(8));
        (await server.PageAsync(page)).ShouldNotContain("ended in the last seven days");
    }

    [Fact]
    public async Task List_PartOfAName_KeepsItOnTheNextPage()
    {
        await using var server = await WebServer.StartAsync();
        for (var number = 0; number < 51; number++)
        {
            await server.Get<FlowService>().CreateAsync(new FlowCreate { Name = $"part-{number:00}" });
        }

        var html = await server.PageAsync("/flows?q=PART-");

        html.ShouldContain(">part-49<");
        html.ShouldNotContain(">part-50<");
        html.ShouldContain("/flows?q=PART-&amp;offset=50");
        var last = await server.PageAsync("/flows?q=PART-&offset=50");
        last.ShouldContain(">part-50<");
        last.ShouldContain("rel=\"prev\"");
    }
}
