using DurableTask.Core.Exceptions;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.LocalRuntime.Instances;
using Serverless.LocalRuntime.Tests.Fixtures;
using Serverless.Testing;

namespace Serverless.LocalRuntime.Tests;

/// <summary>Lists of instances.</summary>
public sealed class QueryTests
{
    private static readonly Scripts Scripts = new Scripts()
        .Add("wait", async context => await context.WaitForExternalEvent<string>("go"))
        .Add("end", context => Task.FromResult(context.GetInput<string>()))
        .Add(
            "parent",
            context => context.CallSubOrchestratorAsync<string>("Script", new SubOrchestrationOptions(new TaskOptions { Version = "wait" }))
        );

    private readonly MemoryRowStore _rows = new();

    [Fact]
    public async Task Query_StatusTimeAndPrefix_ArePaged()
    {
        await using var runtime = await TestRuntime.StartAsync(_rows, Scripts);
        for (var i = 0; i < 25; i++)
        {
            await runtime.ScheduleAsync(i % 5 == 0 ? "wait" : "end", "x", $"p{i:D2}");
        }

        await runtime.ScheduleAsync("end", "x", "q");

        (
            await IdsAsync(
                runtime,
                new OrchestrationQuery(InstanceIdPrefix: "p", Statuses: [OrchestrationRuntimeStatus.Running], PageSize: 3)
            )
        ).ShouldBe(["p00", "p05", "p10", "p15", "p20"]);
        (await IdsAsync(runtime, new OrchestrationQuery(CreatedFrom: runtime.Clock.GetUtcNow() + TimeSpan.FromSeconds(1)))).ShouldBeEmpty();
        var first = await runtime
            .Client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: "q", FetchInputsAndOutputs: true))
            .SingleAsync();
        first.ReadInputAs<string>().ShouldBe("x");
    }

    [Fact]
    public async Task Query_Prefix_TakesInAllIdsBehindItAndNoOthers()
    {
        await using var runtime = await TestRuntime.StartAsync(_rows, Scripts);
        string[] ids = ["p-", "p-1", "p-z", "p-\uFFFF", "p-\U0001F600"];
        foreach (var id in (string[])[.. ids, "p,", "p.", "p", "q"])
        {
            await runtime.ScheduleAsync("end", "x", id);
        }

        (await IdsAsync(runtime, new OrchestrationQuery(InstanceIdPrefix: "p-"))).ShouldBe(ids, ignoreOrder: true);
    }

    [Fact]
    public async Task Query_Prefix_AsksTheStoreOnceForAPage()
    {
        await using var runtime = await TestRuntime.StartAsync(_rows, Scripts);
        for (var i = 0; i < 30; i++)
        {
            await runtime.ScheduleAsync(i % 2 == 0 ? "wait" : "end", "x", $"{(i < 10 ? "p" : "q")}{i:D2}");
        }

        var queries = runtime.Store.Queries;
        (await IdsAsync(runtime, new OrchestrationQuery(InstanceIdPrefix: "p", PageSize: 4))).Count.ShouldBe(10);

        (runtime.Store.Queries - queries).ShouldBe(3);
    }

    private static async Task<List<string>> IdsAsync(TestRuntime runtime, OrchestrationQuery query) =>
        await runtime.Client.GetAllInstancesAsync(query).Select(instance => instance.InstanceId).ToListAsync();
}
