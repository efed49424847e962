using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Core.States;
using Serverless.Server.Queries;
using Serverless.Server.Runs;

namespace Serverless.Api.Tests.Http;

/// <summary>What a request may read on a store without columns.</summary>
public sealed class BoundedQuestionsTests
{
    private const int Runs = 30;
    private const string WithTasks = """{"task_runs": {"name": {"like_": "x"} } }""";

    [Theory]
    [InlineData("/api/flow_runs/filter", WithTasks)]
    [InlineData("/api/flow_runs/count", WithTasks)]
    [InlineData("/api/flow_runs/paginate", WithTasks)]
    [InlineData("/api/flow_runs/lateness", WithTasks)]
    [InlineData("/api/flows/filter", WithTasks)]
    [InlineData("/api/deployments/count", WithTasks)]
    [InlineData("/api/task_runs/filter", "{}")]
    [InlineData("/api/task_runs/count", WithTasks)]
    [InlineData("/api/ui/task_runs/count", WithTasks)]
    public async Task Question_OfMoreReadsThanARequestMayMake_IsRefusedAndSaysWhatToAsk(string path, string body)
    {
        await using var server = await StartAsync(columns: false, reads: Runs / 2);

        var refused = await server.PostAsync(path, body, HttpStatusCode.UnprocessableEntity);

        refused.Text("detail").ShouldContain("more than 15 reads");
        refused.Text("detail").ShouldContain("EXPECTED_START_TIME_DESC");
    }

    [Fact]
    public async Task Question_WithinTheBound_IsAnsweredInFull()
    {
        await using var server = await StartAsync(columns: false, reads: Runs / 2);

        foreach (var sort in (string[])["EXPECTED_START_TIME_DESC", "NAME_ASC", "ID_DESC"])
        {
            (await server.PostAsync("/api/flow_runs/filter", $$"""{"limit": 5, "sort": "{{sort}}"}"""))!.AsArray().Count.ShouldBe(5);
        }

        (await server.PostAsync("/api/flow_runs/count", """{"flow_runs": {"name": {"like_": "-"} } }"""))!.ToString().ShouldBe($"{Runs}");
    }

    [Fact]
    public async Task Question_OfAStoreWithColumns_HasNoBound()
    {
        await using var server = await StartAsync(columns: true, reads: 1);

        (await server.PostAsync("/api/flow_runs/count", WithTasks))!.ToString().ShouldBe("0");
    }

    [Fact]
    public async Task Question_ThatTakesTooLong_IsRefused()
    {
        await using var server = await StartAsync(columns: false, reads: 1000);
        server.Store.BeforeQuery = _ => server.Time.Advance(TimeSpan.FromSeconds(16));

        var refused = await server.PostAsync("/api/flow_runs/filter", WithTasks, HttpStatusCode.UnprocessableEntity);

        refused.Text("detail").ShouldContain("more than 30 seconds");
    }

    [Fact]
    public async Task Command_ThatReadsMore_IsNotBrokenOff()
    {
        await using var server = await StartAsync(columns: false, reads: 1);

        await server.DeleteAsync($"/api/flows/{server.Remote.Id}", HttpStatusCode.NoContent);

        server.Get<QueryOptions>().MaxReads = 1000;
        (await server.PostAsync("/api/flow_runs/count", "{}"))!.ToString().ShouldBe("0");
    }

    private static async Task<TestServer> StartAsync(bool columns, int reads)
    {
        var server = await ApiServer.StartAsync(services => services.Configure<QueryOptions>(options => options.MaxReads = reads), columns);
        for (var run = 0; run < Runs; run++)
        {
            await server.CreateRemoteAsync(ProposedStates.Completed());
        }

        return server;
    }
}
