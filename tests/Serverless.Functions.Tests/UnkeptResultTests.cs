using Microsoft.Extensions.DependencyInjection;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Storage;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Functions.Tests;

/// <summary>Results that are not kept: <c>PersistResult = false</c>.</summary>
public sealed class UnkeptResultTests
{
    [Fact]
    public async Task Task_NotKept_GivesItsValueToTheFlowOnly()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(ResultFlows));
        var id = await app.RunAsync(async flow => await flow.RunAsync((StoringWork work) => work.Secret(5)));

        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe("5");
        var task = await app.TaskRunAsync(id);
        (await app.TaskRuns.GetResultAsync(task.Id)).ShouldBe(new RunResult(task.State, Json: null, IsLost: true));
        task.State!.Data.ShouldBeNull();
        (await app.TaskStatesAsync(task.Id)).ShouldBe("Pending Running Completed");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Flow_NotKept_IsTheDefaultOfItsTasks()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(ResultFlows));
        var id = await app.RunAsync(
            async flow =>
                await flow.RunAsync((StoringWork work) => work.Secret(1))
                + await flow.RunAsync((Work work) => work.Do(2))
                + await flow.RunAsync((StoringWork work) => work.Known(3))
                + await flow.RunAsync((CachedWork work) => work.Square(2))
                + (await flow.Map(Enumerable.Range(0, 60), (Work work, int number) => work.Do(number))).Sum(),
            ResultFlows.Unkept
        );

        var run = await app.WhenFinalAsync(id);

        run.StateType.ShouldBe(StateType.Completed);
        run.State!.Data.ShouldBeNull();
        (await app.Runs.GetResultAsync(id)).ShouldBe(new RunResult(run.State, Json: null, IsLost: true));
        foreach (var task in await app.TaskRunsAsync(id))
        {
            (await app.TaskRuns.GetResultAsync(task.Id))!.Json.ShouldBe(
                task.Name switch
                {
                    "known-0" => "3",
                    "square-0" => "4",
                    _ => null,
                }
            );
        }

        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Subflow_NotKept_GivesItsValueToItsCaller()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(ResultFlows));
        var id = await app.RunAsync(async flow =>
        {
            var number = flow.Submit(() => ResultFlows.Number(4));
            return await number + await flow.RunAsync((Work work) => work.Do(number.AsArgument()));
        });

        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe("8");
        (await app.ResultAsync((await app.SubflowsAsync(id)).ShouldHaveSingleItem().Id)).ShouldBeNull();
        var standsFor = (await app.TaskRunsAsync(id)).Single(task => task.Name == "unkept-number-0");
        (await app.TaskRuns.GetResultAsync(standsFor.Id))!.IsLost.ShouldBeTrue();
    }

    [Fact]
    public async Task Subflow_OfAFlowThatKeepsNothing_KeepsNothingUnlessItSaysSo()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(ResultFlows));
        app.Probe.Open("hold");
        var id = await app.RunAsync(
            async flow =>
                await flow.RunAsync(() => ResultFlows.OuterAsync(flow, 1)) + await flow.RunAsync(() => ResultFlows.KeptAsync(flow, 2)),
            ResultFlows.Unkept
        );

        (await app.WhenFinalAsync(id)).StateType.ShouldBe(StateType.Completed);

        var subflows = await app.SubflowsAsync(id);
        var outer = subflows.Single(run => run.Parameters["number"].GetInt32() == 1);
        var kept = subflows.Single(run => run.Id != outer.Id);
        (await app.ResultAsync(kept.Id)).ShouldBe("2");
        var keptTask = (await app.TaskRunsAsync(kept.Id)).ShouldHaveSingleItem();
        (await app.TaskRuns.GetResultAsync(keptTask.Id))!.Json.ShouldBe("2");
        var inner = (await app.SubflowsAsync(outer.Id)).ShouldHaveSingleItem();
        (await app.Runs.GetResultAsync(outer.Id))!.IsLost.ShouldBeTrue();
        (await app.Runs.GetResultAsync(inner.Id))!.IsLost.ShouldBeTrue();
        var tasks = await app.TaskRunsAsync(inner.Id);
        (await app.TaskRuns.GetResultAsync(tasks.Single(task => task.Name == "hold-0").Id))!.IsLost.ShouldBeTrue();
        (await app.TaskRuns.GetResultAsync(tasks.Single(task => task.Name == "known-0").Id))!.Json.ShouldBe("1");
    }

    [Fact]
    public async Task Retry_OfTheFlow_RunsAgainWhatIsNotKept()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(ResultFlows));
        var id = await app.RunAsync(
            async flow =>
            {
                var sum =
                    await flow.RunAsync((StoringWork work) => work.Secret(1))
                    + await flow.RunAsync((StoringWork work) => work.Known(2))
                    + await flow.RunAsync(() => ResultFlows.Number(4));
                return flow.Run.RunCount > 1 ? sum : throw new InvalidOperationException("the first attempt fails");
            },
            ResultFlows.UnkeptAndRetried
        );

        var run = await app.DriveAsync(id);

        run.StateType.ShouldBe(StateType.Completed);
        app.Probe.Count("secret 1").ShouldBe(2);
        app.Probe.Count("known 2").ShouldBe(1);
        (await app.SubflowsAsync(id)).Count.ShouldBe(2);
        var secret = (await app.TaskRunsAsync(id)).Single(task => task.Name == "secret-0");
        (await app.TaskStatesAsync(secret.Id)).ShouldBe("Pending Running Completed Retrying Completed");
    }

    [Fact]
    public async Task Deployment_OfAFlowThatIsNotKept_HasNoValueAndSaysSo()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(ResultFlows));
        var id = await app.RunAsync(flow => flow.RunDeploymentAsync<int>("unkept-number/default", new { number = 3 }));

        var run = await app.DriveAsync(id);

        run.StateType.ShouldBe(StateType.Failed);
        run.State!.Message.ShouldNotBeNull().ShouldContain("was not kept: PersistResult is false.");
    }

    [Fact]
    public async Task Background_TaskThatIsNotKept_IsKept()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(ResultFlows));

        var run = await app.Background.DelayAsync((StoringWork work) => work.Secret(6));

        (await run.ResultAsync().WaitAsync(EmbeddedApp.Patience)).ShouldBe(6);
    }

    [Fact]
    public async Task Value_AfterTheHistoryIsPurged_IsNowhere()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(ResultFlows));
        var id = await app.RunAsync(async flow => await flow.RunAsync((StoringWork work) => work.Secret(918_273)), ResultFlows.Unkept);
        await app.WhenFinalAsync(id);
        await app.ShouldSettleAsync(id);
        var instance = OutboxEntry.InstanceIdOf(id, 1);
        (await app.Client.GetInstanceAsync(instance, getInputsAndOutputs: true))!
            .SerializedOutput.ShouldNotBeNull()
            .ShouldContain("918273");

        app.Clock.Advance(HistoryPurge.Grace + TimeSpan.FromMinutes(1));
        await app.Services.GetRequiredService<HistoryPurge>().RunAsync(app.Client, CancellationToken.None);

        (await app.Client.GetInstanceAsync(instance, getInputsAndOutputs: true)).ShouldBeNull();
        (await app.GetAsync(id)).StateType.ShouldBe(StateType.Completed);
    }
}
