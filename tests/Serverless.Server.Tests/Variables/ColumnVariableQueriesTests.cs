using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Variables;

namespace Serverless.Server.Tests.Variables;

/// <summary>Lists of a store that keeps columns.</summary>
public sealed class ColumnVariableQueriesTests() : VariableQueriesTests(columns: true)
{
    [Fact]
    public async Task FilterAndCount_ReadNoOtherVariables()
    {
        await using var server = await TestServer.StartAsync();
        var variables = server.Get<VariableService>();
        for (var index = 0; index < 30; index++)
        {
            await variables.CreateAsync(new VariableCreate { Name = $"v{index}", Value = null });
        }

        var (reads, queries) = (server.Store.Reads, server.Store.Queries);
        (await variables.FilterAsync(new VariableQuery { Sort = VariableSort.UpdatedDesc, Limit = 3 })).Count.ShouldBe(3);
        (await variables.CountAsync(new VariableFilter { Tags = new TagFilter { IsNull = true } })).ShouldBe(30);

        (server.Store.Reads - reads, server.Store.Queries - queries).ShouldBe((0, 2));
    }
}
