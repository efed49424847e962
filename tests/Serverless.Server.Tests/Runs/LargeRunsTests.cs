using System.Text.Json;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Runs;

public sealed class LargeRunsTests
{
    [Fact]
    public async Task Match_RunsOfLargeParameters_ComeInPagesThatEndEarly()
    {
        await using var server = await TestServer.StartAsync();
        var parameters = new Dictionary<string, JsonElement> { ["x"] = JsonSerializer.SerializeToElement(new string('x', 500_000)) };
        List<Guid> runs = [];
        for (var index = 0; index < 20; index++)
        {
            FlowRunCreate request = new() { FlowId = server.Remote.Id, Parameters = parameters };
            runs.Add((await server.Runs.CreateAsync(request)).Run.Id);
        }

        var queries = server.Store.Queries;
        var found = server.Get<FlowRunQueries>().MatchAsync(new FlowRunQuery(), withTaskRuns: true, CancellationToken.None);

        (await found.Select(stored => stored.Run.Id).ToListAsync()).ShouldBe(runs.OrderDescending());

        // Nine of them are more than four MiB together.
        (server.Store.Queries - queries).ShouldBe(3);
    }
}
