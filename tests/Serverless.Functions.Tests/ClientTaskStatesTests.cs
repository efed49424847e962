using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Runs;

namespace Serverless.Functions.Tests;

/// <summary>A client gives a state to a task run of this app: its flow continues, whatever the state.</summary>
public sealed class ClientTaskStatesTests
{
    [Theory]
    [InlineData(StateType.Completed, StateType.Completed)]
    [InlineData(StateType.Failed, StateType.Failed)]
    [InlineData(StateType.Crashed, StateType.Failed)]
    [InlineData(StateType.Cancelled, StateType.Failed)]
    public async Task SetState_EndOfARunningTask_IsItsOutcome(StateType type, StateType expected)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)));
        await app.WhenExecutedAsync("hold 1");
        var task = await app.TaskRunAsync(id);

        (await app.Gate.SetTaskRunStateAsync(task.Id, new ProposedState { Type = type, Message = "by hand" }))!.Status.ShouldBe(
            SetStateStatus.Accept
        );
        app.Probe.Open("hold");
        var run = await app.DriveAsync(id);

        run.StateType.ShouldBe(expected, run.State!.Message);
        (await app.TaskStatesAsync(task.Id)).ShouldBe($"Pending Running {type}");
        app.Probe.Count("hold 1").ShouldBe(1);
        await app.ShouldSettleAsync(id);
    }

    [Theory]
    [InlineData(StateType.Scheduled)]
    [InlineData(StateType.Pending)]
    [InlineData(StateType.Running)]
    [InlineData(StateType.Paused)]
    [InlineData(StateType.Cancelling)]
    public async Task SetState_ForcedOnARunningTask_HasItRunAgain(StateType type)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)));
        await app.WhenExecutedAsync("hold 1");
        var task = await app.TaskRunAsync(id);

        (await app.Gate.SetTaskRunStateAsync(task.Id, new ProposedState { Type = type }))!.Status.ShouldBe(SetStateStatus.Abort);
        (await app.Gate.SetTaskRunStateAsync(task.Id, new ProposedState { Type = type }, force: true))!.Status.ShouldBe(
            SetStateStatus.Accept
        );
        app.Probe.Open("hold");
        var run = await app.DriveAsync(id);

        run.StateType.ShouldBe(StateType.Completed, run.State!.Message);
        (await app.ResultAsync(id)).ShouldBe("1");
        app.Probe.Count("held 1").ShouldBe(2);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task SetState_EndOfATaskThatAwaitsItsRetry_IsItsOutcome()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.Fail(9)));
        await app.WhenAsync(async () => (await app.TaskRunsAsync(id)).Any(task => task.StateName == StateNames.AwaitingRetry), "the retry");
        var task = await app.TaskRunAsync(id);

        (await app.Gate.SetTaskRunStateAsync(task.Id, ProposedStates.Completed()))!.Status.ShouldBe(SetStateStatus.Accept);
        var run = await app.DriveAsync(id);

        run.StateType.ShouldBe(StateType.Completed, run.State!.Message);
        app.Probe.Count("attempt 2").ShouldBe(0);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Create_ByAClientInARunThatIsCancelled_EndsWithIt()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)));
        await app.WhenExecutedAsync("hold 1");
        var mine = (
            await app.Gate.CreateTaskRunAsync(
                new TaskRunCreate
                {
                    FlowRunId = id,
                    TaskKey = "mine",
                    DynamicKey = "x",
                }
            )
        ).Run;

        await app.Control.CancelAsync(id);
        await app.WhenFinalAsync(id);

        (await app.TaskStatesAsync(mine.Id)).ShouldBe("Pending Cancelled");
        await app.ShouldSettleAsync(id);
    }
}
