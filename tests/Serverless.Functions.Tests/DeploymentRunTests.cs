using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Runs;
using Xunit.Abstractions;

namespace Serverless.Functions.Tests;

/// <summary>Flows that run deployments: of this app, and of remote clients.</summary>
public sealed class DeploymentRunTests(ITestOutputHelper output)
{
    private const string Counted = "counted/default";

    [Fact]
    public async Task Run_OfADeploymentOfThisApp_GivesItsResultAndStandsInTheCaller()
    {
        await using var app = await EmbeddedApp.StartAsync();
        DeploymentRunOptions options = new() { RunName = "mine", Tags = ["called"] };
        var id = await app.RunAsync(flow => flow.RunDeploymentAsync<int>(Counted, new { number = 4 }, options));

        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe("4");
        var child = await ChildAsync(app, id);
        (child.Name, child.StateType).ShouldBe(("mine", StateType.Completed));
        child.Tags.ShouldContain("called");
        child.DeploymentId.ShouldBe(await app.DeploymentAsync("counted"));
        var mirror = await app.TaskRunAsync(id);
        (mirror.Name, child.ParentTaskRunId).ShouldBe(("counted/default-0", mirror.Id));
        mirror.State!.StateDetails.ChildFlowRunId.ShouldBe(child.Id);
        (await app.TaskStatesAsync(mirror.Id)).ShouldBe("Pending Running Completed");
        await app.ShouldSettleAsync(id, child.Id);
    }

    [Fact]
    public async Task Run_WhoseResultIsOfAnotherType_FailsWithTheCallAndTheType()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow => (await flow.RunDeploymentAsync<DateTime>(Counted, new { number = 4 })).Year);

        var run = await app.WhenFinalAsync(id);

        run.StateType.ShouldBe(StateType.Failed);
        run.State!.Message.ShouldNotBeNull().ShouldContain($"The result of Deployment '{Counted}' cannot be read as DateTime");
        await app.ShouldSettleAsync(id);
    }

    [Theory]
    [InlineData("counted/none", 4, "There is no deployment 'counted/none'.")]
    [InlineData("none/default", 4, "There is no deployment 'none/default'.")]
    [InlineData("nothing", 4, "There is no deployment 'nothing'.")]
    [InlineData(Counted, 11, "Validation failed")]
    public async Task Run_ThatCannotBeCreated_FailsTheCallWithTheReason(string deployment, int number, string reason)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunDeploymentAsync<int>(deployment, new { number }));

        var run = await app.WhenFinalAsync(id);

        run.StateType.ShouldBe(StateType.Failed);
        run.State!.Message.ShouldNotBeNull().ShouldContain($"Deployment '{deployment}' ended as Failed");
        run.State.Message.ShouldContain(reason);
        foreach (var task in await app.TaskRunsAsync(id))
        {
            task.StateType.ShouldBe(StateType.Failed);
        }

        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Run_ThatFails_ThrowsWithItsReason()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.Bodies["child"] = _ => throw new InvalidDataException("no data");
        var id = await app.RunFreeAsync(async flow =>
        {
            try
            {
                return await flow.RunDeploymentAsync<int>("plain/default", new { body = "child" });
            }
            catch (FailedRunException failed)
            {
                return $"{failed.ErrorType} {failed.Name}";
            }
        });

        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe("\"System.IO.InvalidDataException plain/default\"");
    }

    [Fact]
    public async Task Run_OfARemoteClient_EndsTheCallAtOnceWhenItEnds()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var deployment = await RemoteAsync(app);
        var id = await app.RunFreeAsync(async flow =>
            (await flow.SubmitDeployment($"{deployment}").WaitForStateAsync()).Message is { } message ? message : null
        );
        var child = await WhenCreatedAsync(app, deployment);
        app.Clock.Advance(TimeSpan.FromMinutes(30));

        // No clock moves from here on: what ends the call is the news of the end.
        await app.Gate.ProposeFlowRunStateAsync(child.Id, ProposedStates.Pending(), TransitionOrigin.Client);
        await app.Gate.ProposeFlowRunStateAsync(child.Id, ProposedStates.Running(), TransitionOrigin.Client);
        await app.Gate.ProposeFlowRunStateAsync(child.Id, ProposedStates.Completed("by hand"), TransitionOrigin.Client);
        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe("\"by hand\"");
        await app.ShouldSettleAsync(id);
    }

    [Theory]
    [InlineData("", null, "RunName of the run of deployment 'a/b' is empty; it must have 1 to 1,024 characters.")]
    [InlineData(null, " ", "IdempotencyKey of the run of deployment 'a/b' is empty; it must have 1 to 1,024 characters.")]
    [InlineData(1025, null, "RunName of the run of deployment 'a/b' has 1,025 characters; it must have 1 to 1,024 characters.")]
    [InlineData(null, 1025, "IdempotencyKey of the run of deployment 'a/b' has 1,025 characters; it must have 1 to 1,024 characters.")]
    public async Task Options_TextThatNoRunCanHave_FailsTheCallAndSaysWhich(object? name, object? key, string message)
    {
        await using var app = await EmbeddedApp.StartAsync();
        DeploymentRunOptions options = new() { RunName = TextOf(name), IdempotencyKey = TextOf(key) };
        var id = await app.RunAsync(flow => flow.RunDeploymentAsync<int>("a/b", options: options));

        var run = await app.WhenFinalAsync(id);

        run.StateType.ShouldBe(StateType.Failed);
        run.State!.Message.ShouldNotBeNull().ShouldContain(message);

        static string? TextOf(object? value) => value is int length ? new string('x', length) : (string?)value;
    }

    [Fact]
    public async Task Run_ThatTakesTooLong_EndsTheCallAndGoesOn()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var deployment = await RemoteAsync(app);
        DeploymentRunOptions options = new() { Deadline = TimeSpan.FromMinutes(7) };
        var start = app.Clock.GetUtcNow();
        var id = await app.RunAsync(flow => flow.RunDeploymentAsync<int>($"{deployment}", options: options));

        var run = await app.DriveAsync(id);

        run.State!.Message.ShouldNotBeNull().ShouldContain("had not ended after 00:07:00. It goes on.");
        (run.EndTime!.Value - start).ShouldBeInRange(TimeSpan.FromMinutes(7), TimeSpan.FromMinutes(8));
        (await WhenCreatedAsync(app, deployment)).StateType.ShouldBe(StateType.Scheduled);
        (await app.TaskStatesAsync((await app.TaskRunAsync(id)).Id)).ShouldBe("Pending Running TimedOut");
    }

    [Fact]
    public async Task Caller_IsCancelled_CancelsTheRun()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.Bodies["child"] = flow => flow.RunAsync((Work work) => work.HoldAsync(1));
        var id = await app.RunAsync(flow => flow.RunDeploymentAsync<int>("plain/default", new { body = "child" }));
        await app.WhenExecutedAsync("hold 1");

        await app.Control.CancelAsync(id);
        (await app.WhenFinalAsync(id)).StateType.ShouldBe(StateType.Cancelled);

        var child = await ChildAsync(app, id);
        (await app.WhenFinalAsync(child.Id)).StateType.ShouldBe(StateType.Cancelled);
        (await app.TaskRunAsync(id)).StateType.ShouldBe(StateType.Cancelled);
        await app.ShouldSettleAsync(id, child.Id);
    }

    [Fact]
    public async Task Start_WithoutWaiting_LeavesARunOfItsOwn()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.Bodies["child"] = flow => flow.RunAsync((Work work) => work.HoldAsync(1));
        var id = await app.RunFreeAsync(async flow =>
            await flow.StartDeploymentAsync("plain/default", new Dictionary<string, string> { ["body"] = "child" })
        );
        await app.WhenFinalAsync(id);
        var child = Guid.Parse((await app.ResultAsync(id)).ShouldNotBeNull().Trim('"'));

        app.Probe.Open("hold");
        (await app.WhenFinalAsync(child)).StateType.ShouldBe(StateType.Completed);

        (await app.GetAsync(child)).ParentTaskRunId.ShouldBeNull();
        (await app.TaskRunsAsync(id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_WithAnIdempotencyKey_IsOneRunForAll()
    {
        await using var app = await EmbeddedApp.StartAsync();
        DeploymentRunOptions options = new() { IdempotencyKey = "today" };
        var id = await app.RunAsync(async flow =>
        {
            var one = flow.SubmitDeployment<int>(Counted, new { number = 4 }, options);
            var other = flow.SubmitDeployment<int>(Counted, new { number = 5 }, options);
            return await one * 10 + await other;
        });

        await app.DriveAsync(id);

        (await app.ResultAsync(id)).ShouldBeOneOf("44", "55");
        (await app.Runs.FilterAsync(new FlowRunQuery())).Count(run => run.IdempotencyKey == "today").ShouldBe(1);
    }

    [Fact]
    public async Task Crash_AtEveryCommit_CreatesOneRunAndEndsTheSame()
    {
        foreach (var commit in TestRows.Crashes())
        {
            output.WriteLine($"Crash at commit {commit}.");
            await using var app = await EmbeddedApp.StartAsync(sweep: true);
            app.Probe.Bodies["parent"] = async flow =>
            {
                await flow.StartDeploymentAsync(Counted, new { number = 1 });
                return await flow.RunDeploymentAsync<int>(Counted, new { number = 4 });
            };
            app.Store.CrashAfter = app.Store.Commits + commit;
            var creation = app.CreateAsync(Scripts.Plain, "parent");
            if (
                await Task.WhenAny(creation, app.WhenCrashedAsync()) == creation
                && await app.DriveToCrashAsync(await creation) is { } ended
            )
            {
                await Task.WhenAny(app.ShouldSettleAsync(ended.Id), app.WhenCrashedAsync());
            }

            var crashed = app.Store.Survive();
            if (crashed)
            {
                await app.RestartAsync(TimeSpan.FromSeconds(1));
            }

            var plain = await app.Get<FlowService>().GetAsync(Scripts.Plain);
            if ((await app.Runs.FilterAsync(new FlowRunQuery())).FirstOrDefault(run => run.FlowId == plain!.Id) is { } parent)
            {
                (await app.DriveAsync(parent.Id)).StateType.ShouldBe(StateType.Completed, $"crash at commit {commit}");
                (await app.ResultAsync(parent.Id)).ShouldBe("4");
                await app.ShouldSettleAsync(parent.Id);
                (await app.Runs.FilterAsync(new FlowRunQuery())).Count.ShouldBe(3);
            }

            if (!crashed)
            {
                commit.ShouldBeGreaterThan(8);
                return;
            }
        }
    }

    private static async Task<FlowRun> ChildAsync(EmbeddedApp app, Guid id) => (await app.SubflowsAsync(id)).ShouldHaveSingleItem();

    private static async Task<Guid> RemoteAsync(EmbeddedApp app)
    {
        var flowId = (await app.Get<FlowService>().CreateAsync(new FlowCreate { Name = "remote" })).Flow.Id;
        return (await app.Get<DeploymentControl>().CreateAsync(new DeploymentCreate { Name = "there", FlowId = flowId })).Deployment.Id;
    }

    private static async Task<FlowRun> WhenCreatedAsync(EmbeddedApp app, Guid deployment)
    {
        FlowRunQuery query = new() { FlowRuns = new FlowRunFilter { DeploymentId = new IdFilter { Any = [deployment] } } };
        await app.WhenAsync(async () => (await app.Runs.FilterAsync(query)).Count == 1, "the run");
        return (await app.Runs.FilterAsync(query))[0];
    }
}
