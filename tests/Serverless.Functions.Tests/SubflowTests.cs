using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;

namespace Serverless.Functions.Tests;

public sealed class SubflowTests
{
    [Fact]
    public async Task Subflow_Completes_MirrorsItsRunInTheParent()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync(() => Scripts.Count(4)));

        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe("4");
        var subflow = (await app.SubflowsAsync(id)).ShouldHaveSingleItem();
        var mirror = await app.TaskRunAsync(id);
        subflow.ParentTaskRunId.ShouldBe(mirror.Id);
        (await app.StatesAsync(subflow.Id)).ShouldBe("Scheduled Pending Running Completed");
        (await app.ResultAsync(subflow.Id)).ShouldBe("4");
        (await app.TaskStatesAsync(mirror.Id)).ShouldBe("Pending Running Completed");
        mirror.State!.StateDetails.ChildFlowRunId.ShouldBe(subflow.Id);
        mirror.Name.ShouldBe("counted-0");
        await app.ShouldSettleAsync(id, subflow.Id);
    }

    [Fact]
    public async Task Subflow_BetweenTwoTasks_StandsBetweenThemInTheGraph()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            var first = flow.Submit((Work work) => work.Do(2));
            var counted = flow.Submit(() => Scripts.Count(first.AsArgument()));
            await flow.RunAsync((Work work) => work.Do(counted.AsArgument()));
            return await flow.RunAsync((Work work) => work.Do(1), new CallOptions { WaitFor = [counted] });
        });

        await app.WhenFinalAsync(id);

        var runs = (await app.TaskRunsAsync(id)).ToDictionary(run => run.Name);
        InputsOf("counted-0").ShouldBe(["number", $"{runs["do-0"].Id}"]);
        InputsOf("do-1").ShouldBe(["number", $"{runs["counted-0"].Id}"]);
        InputsOf("do-2").ShouldBe(["wait_for", $"{runs["counted-0"].Id}"]);

        string[] InputsOf(string name)
        {
            var inputs = runs[name].TaskInputs.Where(input => input.Value.Count > 0).ShouldHaveSingleItem();
            return [inputs.Key, $"{inputs.Value.ShouldHaveSingleItem().Id}"];
        }
    }

    [Fact]
    public async Task Call_InAScopeOfTags_HasThemBesideItsOwn()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            using (flow.WithTags("nightly", "all"))
            {
                await flow.RunAsync((Work work) => work.Do(1), new CallOptions { Tags = ["all", "one"] });
                await flow.Map(Enumerable.Range(0, 150), (Work work, int number) => work.Do(number));
                await flow.RunAsync(() => Scripts.Count(2));
            }

            return await flow.RunAsync((Work work) => work.Do(2));
        });

        await app.WhenFinalAsync(id);

        var runs = await app.TaskRunsAsync(id);
        runs.Single(run => run.Name == "do-0").Tags.ShouldBe(["nightly", "all", "one"]);
        runs.Single(run => run.Name == "do-151").Tags.ShouldBeEmpty();
        runs.Count(run => run.Tags.SequenceEqual(["nightly", "all"])).ShouldBe(150);
        (await app.SubflowsAsync(id)).ShouldHaveSingleItem().Tags.ShouldBe(["nightly", "all"]);
    }

    [Fact]
    public async Task Subflow_Fails_FailsTheParentWithItsReason()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.Bodies["failing"] = _ => throw new InvalidOperationException("no luck");
        var id = await app.RunAsync(flow => flow.RunAsync((Scripts scripts) => scripts.RunAsync(flow, "failing")));

        var run = await app.WhenFinalAsync(id);

        run.State!.Message!.ShouldContain("'plain' ended as Failed: Flow run encountered an exception: InvalidOperationException: no luck");
        var subflow = (await app.SubflowsAsync(id)).ShouldHaveSingleItem();
        (await app.StatesAsync(subflow.Id)).ShouldBe("Scheduled Pending Running Failed");
        (await app.TaskStatesAsync((await app.TaskRunAsync(id)).Id)).ShouldBe("Pending Running Failed");
        await app.ShouldSettleAsync(id, subflow.Id);
    }

    [Fact]
    public async Task Subflow_InvalidParameters_FailsWithTheParametersName()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync(() => Scripts.Count(99)));

        var run = await app.WhenFinalAsync(id);

        run.StateName.ShouldBe(StateNames.Failed);
        var subflow = (await app.SubflowsAsync(id)).ShouldHaveSingleItem();
        (await app.StatesAsync(subflow.Id)).ShouldBe("Scheduled Pending Running Failed");
        subflow.State!.Message!.ShouldStartWith(
            "Validation of flow parameters failed with error: ParameterValidationException: Invalid parameters of flow 'counted': 'number'"
        );
        await app.ShouldSettleAsync(id, subflow.Id);
    }

    [Fact]
    public async Task Subflow_OfARetriedParent_RunsAgainOnlyIfItFailed()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.Bodies["failing"] = flow => flow.RunAsync((Work work) => work.FailUntil("gate"));
        var id = await app.RunAsync(
            async flow =>
                await flow.RunAsync(() => Scripts.Count(4)) + await flow.RunAsync((Scripts scripts) => scripts.RunAsync(flow, "failing")),
            Scripts.Retried
        );
        await app.WhenAsync(id, StateNames.AwaitingRetry);

        app.Probe.Open("gate");
        await app.DriveAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running AwaitingRetry Retrying Completed");
        (await app.ResultAsync(id)).ShouldBe("5");
        var subflows = await app.SubflowsAsync(id);
        subflows.Select(run => run.StateName).Order().ShouldBe(["Completed", "Completed", "Failed"]);
        await app.ShouldSettleAsync([id, .. subflows.Select(run => run.Id)]);
    }

    [Fact]
    public async Task Subflow_OfADeletedParent_IsCancelled()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.Bodies["holding"] = flow => flow.RunAsync((Work work) => work.HoldAsync(1));
        var id = await app.RunAsync(flow => flow.RunAsync((Scripts scripts) => scripts.RunAsync(flow, "holding")));
        await app.WhenExecutedAsync("hold 1");
        var subflow = (await app.SubflowsAsync(id)).ShouldHaveSingleItem();

        await app.Runs.DeleteAsync(id);
        await app.WhenExecutedAsync("told 1");
        await app.ShouldSettleAsync();

        (await app.StatesAsync(subflow.Id)).ShouldBe("Scheduled Pending Running Cancelled");
        (await app.TaskStatesAsync((await app.TaskRunAsync(subflow.Id)).Id)).ShouldBe("Pending Running Cancelled");
    }
}
