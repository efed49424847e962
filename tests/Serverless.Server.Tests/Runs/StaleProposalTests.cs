using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Concurrency;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Runs;

/// <summary>A proposal that rests on something read before changes nothing once that is not so any more.</summary>
public sealed class StaleProposalTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync() => server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Propose_RunHasEndedSinceItWasRead_KeepsEndAndResult(bool force)
    {
        var read = await server.CreateRunningAsync();
        server.Store.Once(
            RunKeys.Runs,
            () => server.Gate.ProposeFlowRunStateAsync(read.Id, ProposedStates.Completed(), TransitionOrigin.Orchestrator, resultJson: "42")
        );

        var answer = await server.Gate.ProposeFlowRunStateAsync(
            read.Id,
            ProposedStates.Cancelled(),
            TransitionOrigin.Client,
            FlowRunBasis.StateOf(read),
            force
        );

        answer.ShouldBeOfType<GateAnswer.Moved>();
        (await server.Runs.GetAsync(read.Id))!.StateType.ShouldBe(StateType.Completed);
        (await server.Runs.GetResultAsync(read.Id))!.Json.ShouldBe("42");
    }

    [Fact]
    public async Task Propose_OfAnEarlierAttempt_DoesNotTouchTheNext()
    {
        var run = await server.CreateRunningAsync();
        FlowRunBasis first = FlowRunBasis.Attempt(1, run.RunCount);
        await RestartAsync(run.Id, generation: 1);

        foreach (var late in new[] { first, FlowRunBasis.Orchestration(1) })
        {
            var answer = await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Paused(), TransitionOrigin.Orchestrator, late);
            answer!.Status.ShouldBe(SetStateStatus.Abort);
        }

        (await server.Runs.GetAsync(run.Id))!.StateType.ShouldBe(StateType.Running);
    }

    [Fact]
    public async Task ProposeTaskRun_FlowRunStartedAgainSinceThen_DoesNotTouchTheNewAttempt()
    {
        var run = await server.CreateRunningAsync();
        var start = TestServer.StartOf(run.Id);
        await server.Gate.BeginTaskRunAsync(start);
        await RestartAsync(run.Id, generation: 1);
        var again = (await server.Gate.BeginTaskRunAsync(start with { Basis = FlowRunBasis.Orchestration(2) }))!.TaskRun!;

        TaskRunBasis[] late =
        [
            TaskRunBasis.Of(FlowRunBasis.Attempt(1, run.RunCount)),
            TaskRunBasis.StateOf(again, FlowRunBasis.StateOf(run)),
            TaskRunBasis.State(Guid.NewGuid()),
        ];
        foreach (var basis in late)
        {
            (
                await server.Gate.ProposeTaskRunStateAsync(run.Id, again.Id, ProposedStates.Crashed(), basis)
            ).ShouldBeOfType<GateAnswer.Moved>();
        }

        (await server.TaskRuns.GetAsync(again.Id))!.StateType.ShouldBe(StateType.Running);
    }

    [Fact]
    public async Task ProposeTaskRun_FlowRunStartedAgainMeanwhile_DoesNotTouchTheNewAttempt()
    {
        var run = await server.CreateRunningAsync();
        var start = TestServer.StartOf(run.Id);
        await server.Gate.BeginTaskRunAsync(start);
        server.Store.Once(
            RunKeys.Runs,
            async () =>
            {
                await RestartAsync(run.Id, generation: 1);
                await server.Gate.BeginTaskRunAsync(start with { Basis = FlowRunBasis.Orchestration(2) });
            }
        );

        var answer = await server.Gate.ProposeTaskRunStateAsync(
            run.Id,
            start.TaskRunId,
            ProposedStates.Crashed(),
            TaskRunBasis.Of(FlowRunBasis.Orchestration(1))
        );

        answer.ShouldBeOfType<GateAnswer.Moved>();
        (await server.TaskRuns.GetAsync(start.TaskRunId))!.StateType.ShouldBe(StateType.Running);
    }

    [Fact]
    public async Task ProposeTaskRun_WaitingOneEndedAsTheNextAttemptBegins_RunsInThatAttempt()
    {
        await server.Get<ConcurrencyLimits>().SetTagLimitAsync("full", 1);
        var run = await server.CreateRunningAsync();
        var start = TestServer.StartOf(run.Id, 1) with { Tags = ["full"] };
        var holder = (await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id) with { Tags = ["full"] }))!;
        (await server.Gate.BeginTaskRunAsync(start))!.Answer.Status.ShouldBe(SetStateStatus.Wait);

        // The one that ends it has looked at the flow run already.
        server.Store.Once(RunKeys.Runs, () => RestartAsync(run.Id, generation: 1));
        await server.Gate.ProposeTaskRunStateAsync(
            run.Id,
            start.TaskRunId,
            ProposedStates.Cancelled(),
            TaskRunBasis.Of(FlowRunBasis.Orchestration(1))
        );
        await server.Gate.EndTaskRunAsync(holder, ProposedStates.Completed());

        var again = (await server.Gate.BeginTaskRunAsync(start with { Basis = FlowRunBasis.Orchestration(2) }))!;
        again.Answer.Status.ShouldBe(SetStateStatus.Accept, again.TaskRun?.State?.Name);
    }

    [Fact]
    public async Task BeginTaskRun_OfAnEarlierAttempt_StartsNothing()
    {
        var run = await server.CreateRunningAsync();
        await RestartAsync(run.Id, generation: 1);

        var late = await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id) with { Basis = FlowRunBasis.Attempt(2, run.RunCount) });

        late!.Answer.Status.ShouldBe(SetStateStatus.Abort);
        late.TaskRun.ShouldBeNull();
    }

    [Fact]
    public async Task Cancel_OfAnotherGeneration_DoesNothing()
    {
        var run = await server.CreateRunningAsync();
        await RestartAsync(run.Id, generation: 1);

        (await server.Get<FlowRunControl>().CancelAsync(run.Id, "late", generation: 1)).ShouldBeOfType<GateAnswer.Superseded>();

        (await server.Runs.GetAsync(run.Id))!.StateType.ShouldBe(StateType.Running);
    }

    [Fact]
    public async Task BulkSetState_RunLeavesTheFilterMeanwhile_IsLeftAlone()
    {
        var run = await server.CreateRunningAsync();
        server.Store.Once(
            RunKeys.Runs,
            () => server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Completed(), TransitionOrigin.Orchestrator, resultJson: "42")
        );

        var answer = await server
            .Get<FlowRunBulk>()
            .SetStateAsync(
                new BulkSetStateRequest
                {
                    FlowRuns = new FlowRunFilter { State = new StateFilter { Type = new StateTypeFilter { Any = [StateType.Running] } } },
                    State = ProposedStates.Cancelled(),
                    Force = true,
                }
            );

        answer.Results.ShouldHaveSingleItem().Status.ShouldBe(SetStateStatus.Abort);
        (await server.Runs.GetAsync(run.Id))!.StateType.ShouldBe(StateType.Completed);
        (await server.Runs.GetResultAsync(run.Id))!.Json.ShouldBe("42");
    }

    /// <summary>Forces the run to start again and begins it, as its next orchestration does.</summary>
    private async Task RestartAsync(Guid flowRunId, int generation)
    {
        await server.Gate.ProposeFlowRunStateAsync(flowRunId, ProposedStates.Scheduled(), TransitionOrigin.Client, force: true);
        (
            await server.Gate.ProposeFlowRunStateAsync(
                flowRunId,
                ProposedStates.Running(),
                TransitionOrigin.Orchestrator,
                generation: generation + 1
            )
        )!.Status.ShouldBe(SetStateStatus.Accept);
    }
}
