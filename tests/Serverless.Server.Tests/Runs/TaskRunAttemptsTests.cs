using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Runs;

public sealed class TaskRunAttemptsTests
{
    [Fact]
    public async Task Begin_NewTaskRun_IsRunningAfterOneCommit()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var start = TestServer.StartOf(run.Id) with
        {
            Tags = ["a"],
            EmpiricalPolicy = new TaskRunPolicy { Retries = 2 },
        };
        var commits = server.Store.Commits;

        var started = await server.Gate.BeginTaskRunAsync(start);

        started.ShouldNotBeNull().Answer.Status.ShouldBe(SetStateStatus.Accept);
        started.Kind.ShouldNotBe(TaskRunStartKind.Ended);
        (server.Store.Commits - commits).ShouldBe(1);
        var stored = (await server.TaskRuns.GetAsync(start.TaskRunId)).ShouldNotBeNull();
        stored.StateType.ShouldBe(StateType.Running);
        stored.RunCount.ShouldBe(1);
        stored.FlowRunId.ShouldBe(run.Id);
        stored.FlowRunRunCount.ShouldBe(1);
        stored.Tags.ShouldBe(["a"]);
        stored.EmpiricalPolicy.Retries.ShouldBe(2);
        (await server.TaskRuns.GetStatesAsync(start.TaskRunId))
            .Select(state => state.Type)
            .ShouldBe([StateType.Pending, StateType.Running]);
    }

    [Fact]
    public async Task Begin_RepeatedWhileRunning_GoesOnWithoutAnotherState()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var start = TestServer.StartOf(run.Id);
        var first = await server.Gate.BeginTaskRunAsync(start);

        var second = await server.Gate.BeginTaskRunAsync(start);

        second.ShouldNotBeNull().Answer.Status.ShouldBe(SetStateStatus.Accept);
        second.Answer.State.ShouldNotBeNull().Id.ShouldBe(first.ShouldNotBeNull().Answer.State.ShouldNotBeNull().Id);
        (await server.TaskRuns.GetStatesAsync(start.TaskRunId)).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(StateType.Completed)]
    [InlineData(StateType.Failed)]
    public async Task Begin_RepeatedAfterTheEnd_AnswersWithTheStoredOutcome(StateType type)
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var start = TestServer.StartOf(run.Id);
        await server.Gate.BeginTaskRunAsync(start);
        await server.Gate.ProposeTaskRunStateAsync(run.Id, start.TaskRunId, new ProposedState { Type = type }, "[1,2]");

        var again = await server.Gate.BeginTaskRunAsync(start);

        again.ShouldNotBeNull().Kind.ShouldBe(TaskRunStartKind.Ended);
        again.Answer.Status.ShouldBe(SetStateStatus.Reject);
        again.StoredResultJson.ShouldBe("[1,2]");
        (await server.TaskRuns.GetResultAsync(start.TaskRunId)).ShouldNotBeNull().Json.ShouldBe("[1,2]");
    }

    [Fact]
    public async Task Begin_OfFailedTaskInTheFlowRunsNextAttempt_RunsAgain()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var start = TestServer.StartOf(run.Id);
        await server.Gate.BeginTaskRunAsync(start);
        await server.Gate.ProposeTaskRunStateAsync(run.Id, start.TaskRunId, ProposedStates.Failed());
        (await server.Gate.BeginTaskRunAsync(start)).ShouldNotBeNull().Kind.ShouldBe(TaskRunStartKind.Ended);
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Failed(), TransitionOrigin.Orchestrator);
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Scheduled(), TransitionOrigin.Client);
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Running(), TransitionOrigin.Orchestrator);

        var again = await server.Gate.BeginTaskRunAsync(start with { Basis = FlowRunBasis.Orchestration(2) });

        again.ShouldNotBeNull().Answer.Status.ShouldBe(SetStateStatus.Accept);
        again.Kind.ShouldNotBe(TaskRunStartKind.Ended);
    }

    [Fact]
    public async Task Begin_UnderStoppedFlow_IsRefusedAndCreatesNothing()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Cancelling(), TransitionOrigin.Client);

        var started = await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id));

        started.ShouldNotBeNull().Answer.Status.ShouldBe(SetStateStatus.Abort);
        started.TaskRun.ShouldBeNull();
        (await server.TaskRuns.CountAsync(new TaskRunQuery())).ShouldBe(0);
    }

    [Fact]
    public async Task Begin_RepeatedUnderStoppedFlow_DoesNotGoOn()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var start = TestServer.StartOf(run.Id);
        await server.Gate.BeginTaskRunAsync(start);
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Cancelling(), TransitionOrigin.Client);

        (await server.Gate.BeginTaskRunAsync(start)).ShouldNotBeNull().Answer.Status.ShouldBe(SetStateStatus.Abort);
    }

    [Fact]
    public async Task Begin_FirstOfItsTaskRun_ReadsNothing()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var reads = server.Store.Reads;
        var commits = server.Store.Commits;

        var started = (await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id))).ShouldNotBeNull();
        await server.Gate.EndTaskRunAsync(started, ProposedStates.Completed(), "1");

        (server.Store.Reads - reads, server.Store.Commits - commits).ShouldBe((0, 2));
    }

    [Fact]
    public async Task Begin_WhileTheFlowRunIsStartedAgain_IsOfTheFormerGeneration()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var start = TestServer.StartOf(run.Id) with { Basis = FlowRunBasis.Orchestration(1) };
        server.Store.Once(
            RunKeys.Runs,
            async () =>
            {
                await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Cancelled(), TransitionOrigin.Client);
                await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Scheduled(), TransitionOrigin.Client);
                await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Running(), TransitionOrigin.Orchestrator);
            }
        );

        var started = await server.Gate.BeginTaskRunAsync(start);

        started.ShouldNotBeNull().Answer.Status.ShouldBe(SetStateStatus.Abort);
        (await server.TaskRuns.GetAsync(start.TaskRunId)).ShouldBeNull();
    }

    [Fact]
    public async Task Begin_ManyAtOnce_NoneIsInAnothersWay()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var commits = server.Store.Commits;

        var started = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(index => server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id, index)))
        );

        started.ShouldAllBe(each => each!.Answer.IsAccepted);
        (server.Store.Commits - commits).ShouldBe(50);
    }

    [Fact]
    public async Task End_TaskRunWasCancelledMeanwhile_AnswersMoved()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var start = TestServer.StartOf(run.Id);
        var started = (await server.Gate.BeginTaskRunAsync(start)).ShouldNotBeNull();
        await server.Gate.ProposeTaskRunStateAsync(run.Id, start.TaskRunId, ProposedStates.Cancelled());

        (await server.Gate.EndTaskRunAsync(started, ProposedStates.Completed(), "1")).ShouldBeOfType<GateAnswer.Moved>();

        (await server.TaskRuns.GetAsync(start.TaskRunId)).ShouldNotBeNull().StateType.ShouldBe(StateType.Cancelled);
    }

    [Fact]
    public async Task End_OfARunThatWasDeletedAndPurged_AnswersNull()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var started = (await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id))).ShouldNotBeNull();
        await server.Runs.DeleteAsync(run.Id);
        await server.Runs.PurgeAsync(run.Id);

        (await server.Gate.EndTaskRunAsync(started, ProposedStates.Completed(), "1")).ShouldBeOfType<GateAnswer.Missing>();

        (await server.Store.CountAsync(RunKeys.Runs)).ShouldBe(0);
    }

    [Fact]
    public async Task Begin_WhileTheFlowIsCancelled_IsJudgedByWhatWasWritten()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        server.Store.Once(
            RunKeys.Runs,
            () => server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Cancelled(), TransitionOrigin.Client)
        );

        var started = await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id));

        started.ShouldNotBeNull().Answer.Status.ShouldBe(SetStateStatus.Abort);
        (await server.Store.KeysAsync(RunKeys.Runs, RunKeys.Partition(run.Id))).ShouldNotContain(key =>
            key.StartsWith("t|", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Begin_WhileTheFlowRunIsDeleted_LeavesNothing()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        server.Store.Once(RunKeys.Runs, () => server.Runs.DeleteAsync(run.Id));

        (await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id))).ShouldBeNull();
        (await server.Store.CountAsync(RunKeys.TaskRuns)).ShouldBe(0);
    }

    [Fact]
    public async Task Begin_UnderPausedFlow_PausesTheTask()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Paused(), TransitionOrigin.Client);

        var started = await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id));

        started.ShouldNotBeNull().Answer.Status.ShouldBe(SetStateStatus.Reject);
        started.TaskRun.ShouldNotBeNull().StateName.ShouldBe(StateNames.NotReady);
    }

    [Fact]
    public async Task Begin_OutdatedGeneration_IsToldToAbort()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();

        (await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id) with { Basis = FlowRunBasis.Orchestration(7) }))
            .ShouldNotBeNull()
            .Answer.Status.ShouldBe(SetStateStatus.Abort);
    }

    [Fact]
    public async Task Propose_FailureWithRetriesLeft_IsReplacedByAwaitingRetry()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var start = TestServer.StartOf(run.Id) with
        {
            EmpiricalPolicy = new TaskRunPolicy { Retries = 1, RetryDelay = RetryDelay.Constant(30) },
        };
        await server.Gate.BeginTaskRunAsync(start);

        var failed = await server.Gate.ProposeTaskRunStateAsync(run.Id, start.TaskRunId, ProposedStates.Failed("no"));
        var early = await server.Gate.BeginTaskRunAsync(start);
        server.Time.Advance(TimeSpan.FromSeconds(30));
        var due = await server.Gate.BeginTaskRunAsync(start);

        failed.ShouldNotBeNull().State.ShouldNotBeNull().Name.ShouldBe(StateNames.AwaitingRetry);
        early.ShouldNotBeNull().Answer.Details.ShouldBeOfType<StateWaitDetails>().DelaySeconds.ShouldBe(30);
        due.ShouldNotBeNull().TaskRun.ShouldNotBeNull().RunCount.ShouldBe(2);
    }

    [Fact]
    public async Task Propose_UnknownTaskRun_AnswersNull()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();

        (await server.Gate.ProposeTaskRunStateAsync(run.Id, run.Id, ProposedStates.Completed())).ShouldBeOfType<GateAnswer.Missing>();
    }
}
