using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Runs;

/// <summary>A result that is stored here is a persisted one: no request but a forced one takes it from a completed run.</summary>
public sealed class StoredResultTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync() => server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData(StateType.Failed)]
    [InlineData(StateType.Cancelled)]
    [InlineData(StateType.Scheduled)]
    [InlineData(StateType.Pending)]
    [InlineData(StateType.Running)]
    public async Task SetState_CompletedRunWithResult_IsRejected(StateType type)
    {
        var run = await CompletedAsync("42");

        var answer = await server.Gate.SetFlowRunStateAsync(run.Id, new ProposedState { Type = type });

        answer!.Status.ShouldBe(SetStateStatus.Reject);
        await ShouldBeAsItWasAsync(run.Id);
    }

    [Fact]
    public async Task BulkSetState_WithoutFilter_LeavesCompletedRunsWithResults()
    {
        var run = await CompletedAsync("42");
        var other = await server.CreateRunningAsync();

        var answer = await server.Get<FlowRunBulk>().SetStateAsync(new BulkSetStateRequest { State = ProposedStates.Failed() });

        answer.Results.Single(result => result.FlowRunId == run.Id).Status.ShouldBe(SetStateStatus.Reject);
        answer.Results.Single(result => result.FlowRunId == other.Id).Status.ShouldBe(SetStateStatus.Accept);
        await ShouldBeAsItWasAsync(run.Id);
    }

    [Fact]
    public async Task SetState_Forced_TakesTheResultWithIt()
    {
        var run = await CompletedAsync("42");

        (await server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Failed(), force: true))!.Status.ShouldBe(SetStateStatus.Accept);

        (await server.Runs.GetResultAsync(run.Id))!.Json.ShouldBeNull();
    }

    [Fact]
    public async Task SetState_CompletedAgain_KeepsTheResult()
    {
        var run = await CompletedAsync("42");

        (await server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Completed("checked")))!.Status.ShouldBe(SetStateStatus.Accept);

        (await server.Runs.GetResultAsync(run.Id))!.Json.ShouldBe("42");
    }

    [Theory]
    [InlineData("null")]
    [InlineData(null)]
    public async Task SetState_CompletedRunThatReturnedNothing_IsAccepted(string? result)
    {
        var run = await CompletedAsync(result);

        (await server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Scheduled()))!.Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task GetResult_ThatWasNotKept_IsLostUntilTheRunGoesOn()
    {
        var run = await CompletedAsync(RunResult.NotKept);
        (await server.Runs.GetResultAsync(run.Id)).ShouldBe(
            new RunResult((await server.Runs.GetAsync(run.Id))!.State, Json: null, IsLost: true)
        );

        (await server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Scheduled()))!.Status.ShouldBe(SetStateStatus.Accept);

        (await server.Runs.GetResultAsync(run.Id))!.IsLost.ShouldBeFalse();
    }

    [Fact]
    public async Task BeginTaskRun_CompletedWithAResultThatWasNotKept_BeginsAgain()
    {
        var run = await server.CreateRunningAsync();
        var start = TestServer.StartOf(run.Id);
        await server.Gate.EndTaskRunAsync((await server.Gate.BeginTaskRunAsync(start))!, ProposedStates.Completed(), RunResult.NotKept);

        var again = await server.Gate.BeginTaskRunAsync(start);

        again!.Kind.ShouldBe(TaskRunStartKind.Begun);
        await server.Gate.EndTaskRunAsync(again, ProposedStates.Completed(), RunResult.NotKept);
        (await server.TaskRuns.GetStatesAsync(start.TaskRunId))
            .Select(state => state.Name)
            .ShouldBe(["Pending", "Running", "Completed", "Running", "Completed"]);
    }

    [Fact]
    public async Task SetState_FailedRunWithResult_IsAccepted()
    {
        var run = await server.CreateRunningAsync();
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Failed(), TransitionOrigin.Orchestrator, resultJson: "42");

        (await server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Scheduled()))!.Status.ShouldBe(SetStateStatus.Accept);
    }

    [Theory]
    [InlineData(StateType.Failed)]
    [InlineData(StateType.Scheduled)]
    [InlineData(StateType.Running)]
    public async Task SetTaskRunState_CompletedWithResult_IsRefused(StateType type)
    {
        var run = await server.CreateRunningAsync();
        var start = TestServer.StartOf(run.Id);
        await server.Gate.EndTaskRunAsync((await server.Gate.BeginTaskRunAsync(start))!, ProposedStates.Completed(), "7");

        var answer = await server.Gate.SetTaskRunStateAsync(start.TaskRunId, new ProposedState { Type = type });

        answer!.Status.ShouldBeOneOf(SetStateStatus.Reject, SetStateStatus.Abort);
        (await server.TaskRuns.GetResultAsync(start.TaskRunId))!.Json.ShouldBe("7");
    }

    private async Task<FlowRun> CompletedAsync(string? resultJson)
    {
        var run = await server.CreateRunningAsync();
        (
            await server.Gate.ProposeFlowRunStateAsync(
                run.Id,
                ProposedStates.Completed(),
                TransitionOrigin.Orchestrator,
                resultJson: resultJson
            )
        )!.Status.ShouldBe(SetStateStatus.Accept);
        return run;
    }

    private async Task ShouldBeAsItWasAsync(Guid flowRunId)
    {
        (await server.Runs.GetAsync(flowRunId))!.StateType.ShouldBe(StateType.Completed);
        (await server.Runs.GetResultAsync(flowRunId))!.Json.ShouldBe("42");
    }
}
