using System.Text;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Flows.Hosting;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Runs;

namespace Serverless.Functions.Tests;

/// <summary>Values of flows that lie in a result storage.</summary>
public sealed class FlowResultTests
{
    private const int Large = 30_000_000;

    [Fact]
    public async Task Flow_WithAStorage_StoresItsValueAndThoseOfItsTasks()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(ResultFlows));
        var id = await app.RunFreeAsync(
            async flow => $"{await flow.RunAsync((Work work) => work.Do(7))} {await flow.RunAsync((StoringWork work) => work.Secret(8))}",
            ResultFlows.Stored
        );

        var run = await app.WhenFinalAsync(id);

        (await ReadAsync(app, run.State)).ShouldBe("\"7 8\"");
        var stored = StoredResult.Of(run.State!.Data).ShouldNotBeNull();
        (stored.Storage, stored.StorageKey, stored.Serializer, stored.Size).ShouldBe((StoringWork.Storage, $"{id}/result", "json", 5));
        var tasks = await app.TaskRunsAsync(id);
        var done = tasks.Single(task => task.Name == "do-0");
        StoredResult.Of(done.State!.Data).ShouldNotBeNull().StorageKey.ShouldBe($"{id}/{done.Id}");
        tasks.Single(task => task.Name == "secret-0").State!.Data.ShouldBeNull();
        app.ResultFolder.GetFiles("*", SearchOption.AllDirectories).Length.ShouldBe(2);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Flow_WithAKey_StoresItsValueUnderIt()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(ResultFlows));
        var id = await app.RunFreeAsync(_ => Task.FromResult<object?>("kept"), ResultFlows.StoredByKey);

        var run = await app.WhenFinalAsync(id);

        var file = app.ResultFolder.GetFiles("*", SearchOption.AllDirectories).ShouldHaveSingleItem();
        Path.GetRelativePath(app.ResultFolder.FullName, file.FullName)
            .ShouldBe(Path.Combine("flows", ResultFlows.StoredByKey, "27.%2011%2E"));
        (await ReadAsync(app, run.State)).ShouldBe("\"kept\"");
    }

    [Fact]
    public async Task Subflow_WithAStorage_IsReadForItsCaller()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(ResultFlows));
        var id = await app.RunAsync(async flow =>
        {
            var text = flow.Submit(() => ResultFlows.Text(4));
            return (await text).Length + await flow.RunAsync((StoringWork work) => work.Length(text.AsArgument()));
        });

        (await app.WhenFinalAsync(id)).State!.Message.ShouldBeNull();

        (await app.ResultAsync(id)).ShouldBe("8");
        var subflow = (await app.SubflowsAsync(id)).ShouldHaveSingleItem();
        var standsFor = (await app.TaskRunsAsync(id)).Single(task => task.Name == "stored-text-0");
        StoredResult.Of(standsFor.State!.Data).ShouldBe(StoredResult.Of(subflow.State!.Data).ShouldNotBeNull());
    }

    [Fact]
    public async Task Subflow_OfAFlowWithAStorage_StoresItsValueAndThoseOfItsTasksThereAfterARestartToo()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(ResultFlows));
        var id = await app.RunFreeAsync(async flow => $"{await flow.RunAsync(() => ResultFlows.OuterAsync(flow, 4))}", ResultFlows.Stored);
        await app.WhenExecutedAsync("hold 4");

        await app.RestartAsync(TimeSpan.FromSeconds(1));
        app.Probe.Open("hold");

        (await ReadAsync(app, (await app.DriveAsync(id)).State)).ShouldBe("\"8\"");
        var outer = (await app.SubflowsAsync(id)).ShouldHaveSingleItem();
        var inner = (await app.SubflowsAsync(outer.Id)).ShouldHaveSingleItem();
        (await ReadAsync(app, outer.State)).ShouldBe("8");
        (await ReadAsync(app, inner.State)).ShouldBe("8");
        foreach (var run in new[] { outer, inner })
        {
            var stored = StoredResult.Of(run.State!.Data).ShouldNotBeNull();
            (stored.Storage, stored.StorageKey, stored.Serializer).ShouldBe((StoringWork.Storage, $"{run.Id}/result", "json"));
        }

        foreach (var task in await app.TaskRunsAsync(inner.Id))
        {
            StoredResult.Of(task.State!.Data).ShouldNotBeNull().StorageKey.ShouldBe($"{inner.Id}/{task.Id}");
        }
    }

    [Fact]
    public async Task Deployment_RunByAFlowWithAStorage_GoesByItself()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(ResultFlows));
        var id = await app.RunFreeAsync(
            async flow => $"{await flow.RunDeploymentAsync<int>("kept-number/default", new { number = 3 })}",
            ResultFlows.Stored
        );

        (await ReadAsync(app, (await app.DriveAsync(id)).State)).ShouldBe("\"3\"");
        (await app.ResultAsync((await app.SubflowsAsync(id)).ShouldHaveSingleItem().Id)).ShouldBe("3");
    }

    [Fact]
    public async Task AsResult_LargeValue_GoesThroughFlowsWithoutBeingRead()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(ResultFlows));
        var id = await app.RunAsync(async flow =>
        {
            var text = flow.Submit(() => ResultFlows.LargerAsync(flow, Large));
            return await flow.RunAsync((StoringWork work) => work.Length(text.AsArgument()));
        });

        (await app.WhenFinalAsync(id)).State!.Message.ShouldBeNull();

        (await app.ResultAsync(id)).ShouldBe($"{Large}");
        var larger = (await app.SubflowsAsync(id)).ShouldHaveSingleItem();
        (await app.Runs.GetResultAsync(larger.Id)).ShouldBe(new RunResult(larger.State, Json: null, IsLost: true));
        var large = (await app.SubflowsAsync(larger.Id)).ShouldHaveSingleItem();
        StoredResult.Of(large.State!.Data).ShouldNotBeNull().Size.ShouldBe(Large + 2);
        app.ResultFolder.GetFiles("*", SearchOption.AllDirectories).ShouldHaveSingleItem();
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task AsResult_ValueThatIsKeptWithItsRun_IsTheValue()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(ResultFlows));
        var id = await app.RunAsync(flow => flow.Submit((Work work) => work.Do(7)).AsResultAsync());

        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe("7");
    }

    [Fact]
    public async Task AsResult_ThatIsNotReturned_FailsAndSaysWhatToWrite()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(ResultFlows));
        var id = await app.RunFreeAsync(
            async flow => await flow.Submit((StoringWork work) => work.Make(5)).AsResultAsync() + "!",
            ResultFlows.Stored
        );

        var run = await app.WhenFinalAsync(id);

        run.StateType.ShouldBe(StateType.Failed);
        run.State!.Message.ShouldNotBeNull().ShouldContain("write 'return await future.AsResultAsync();'");
    }

    [Fact]
    public async Task AsResult_OfAFailedRun_FailsTheFlow()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(ResultFlows));
        var id = await app.RunAsync(flow => flow.Submit((StoringWork work) => work.Length(null!)).AsResultAsync());

        (await app.WhenFinalAsync(id)).StateType.ShouldBe(StateType.Failed);
    }

    [Fact]
    public async Task Value_LargerThanAHistoryTakes_FailsTheFlow()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(ResultFlows));
        var id = await app.RunFreeAsync(_ => Task.FromResult<object?>(new string('x', 4_000_001)), ResultFlows.Stored);

        var run = await app.WhenFinalAsync(id);

        run.StateType.ShouldBe(StateType.Failed);
        run.State!.Message.ShouldNotBeNull().ShouldContain(nameof(PayloadLimitException));
        app.ResultFolder.GetFiles("*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task Storage_ThatDoesNotTakeTheValue_FailsTheFlow()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(ResultFlows));
        var place = Path.Combine(app.ResultFolder.FullName, "flows", ResultFlows.StoredByKey, "27.%2011%2E");
        Directory.CreateDirectory(place);
        var id = await app.RunFreeAsync(_ => Task.FromResult<object?>("kept"), ResultFlows.StoredByKey);

        var run = await app.WhenFinalAsync(id);

        run.StateType.ShouldBe(StateType.Failed);
        run.State!.Message.ShouldNotBeNull().ShouldStartWith("The result could not be written to result storage 'files': ");
    }

    [Fact]
    public async Task Deployment_OfAFlowWithAStorage_GivesItsValue()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(ResultFlows));
        var id = await app.RunAsync(async flow =>
            (await flow.RunDeploymentAsync<string>("stored-text/default", new { length = 3 })).Length
        );

        await app.DriveAsync(id);

        (await app.ResultAsync(id)).ShouldBe("3");
    }

    private static async Task<string> ReadAsync(EmbeddedApp app, State? state)
    {
        var (write, _) = await app.Get<IStoredResults>().OpenAsync(state!.Data!.Value, CancellationToken.None);
        using MemoryStream json = new();
        await write.ShouldNotBeNull()(json, CancellationToken.None);
        return Encoding.UTF8.GetString(json.ToArray());
    }
}
