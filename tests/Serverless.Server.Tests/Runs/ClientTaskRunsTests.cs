using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Tests.Runs;

public sealed class ClientTaskRunsTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync() => server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CreateAsync_AtOnce_CreatesOne(bool inFlowRun)
    {
        Guid? owner = inFlowRun ? (await server.CreateRemoteAsync()).Id : null;

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => CreateAsync(owner))));

        answers.Count(answer => answer.Created).ShouldBe(1);
        answers.Select(answer => answer.Run.Id).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task CreateAsync_FlowRunDeletedMeanwhile_LeavesNothing()
    {
        foreach (var state in new[] { ProposedStates.Pending(), ProposedStates.Running() })
        {
            var flowRun = await server.CreateRemoteAsync(state);
            server.Store.Once(
                RunKeys.Runs,
                async () =>
                {
                    await server.Runs.DeleteAsync(flowRun.Id);
                    await server.Runs.PurgeAsync(flowRun.Id);
                }
            );

            await Should.ThrowAsync<RequestConflictException>(() => CreateAsync(flowRun.Id));

            (await server.Store.KeysAsync(RunKeys.Runs, RunKeys.Partition(flowRun.Id))).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task SetStateAsync_TwoInTheSameInstant_TheSecondIsJudgedByWhatTheFirstWrote()
    {
        var run = (await CreateAsync(null)).Run;
        GateAnswer? first = null;
        server.Store.Once(RunKeys.Runs, async () => first = await server.Gate.SetTaskRunStateAsync(run.Id, ProposedStates.Completed()));

        var second = await server.Gate.SetTaskRunStateAsync(run.Id, ProposedStates.Crashed());

        first!.Status.ShouldBe(SetStateStatus.Accept);
        (second.Status, second.Reason).ShouldBe((SetStateStatus.Abort, "Run is already COMPLETED."));
        (await server.TaskRuns.GetStatesAsync(run.Id)).Select(state => state.Type).ShouldBe([StateType.Pending, StateType.Completed]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SetStateAsync_AStorm_OneIsAccepted(bool inFlowRun)
    {
        var run = (await CreateAsync(inFlowRun ? (await server.CreateRemoteAsync()).Id : null)).Run;

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => Task.Run(() => server.Gate.SetTaskRunStateAsync(run.Id, ProposedStates.Crashed())))
        );

        answers.Count(answer => answer!.Status == SetStateStatus.Accept).ShouldBe(1);
        answers.Count(answer => answer!.Status == SetStateStatus.Abort).ShouldBe(49);
        (await server.TaskRuns.GetStatesAsync(run.Id)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task SetStateAsync_AStormOfReruns_CountsEach()
    {
        var flowRun = await server.CreateRemoteAsync(ProposedStates.Running());
        var run = (await CreateAsync(flowRun.Id)).Run;

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => Task.Run(() => server.Gate.SetTaskRunStateAsync(run.Id, ProposedStates.Running())))
        );

        answers.ShouldAllBe(answer => answer.IsAccepted);
        (await server.TaskRuns.GetAsync(run.Id))!.RunCount.ShouldBe(50);
        var states = await server.TaskRuns.GetStatesAsync(run.Id);
        states.Count.ShouldBe(51);
        states.Select(state => state.Timestamp).ShouldBeUnique();
    }

    [Fact]
    public async Task SetStateAsync_TaskRunOfThisApp_TakesAnEndOnly()
    {
        var flowRun = await server.CreateRunningAsync();
        var start = TestServer.StartOf(flowRun.Id);
        var begun = (await server.Gate.BeginTaskRunAsync(start))!;

        foreach (var type in Enum.GetValues<StateType>().Where(type => !type.IsFinal()))
        {
            var refused = await server.Gate.SetTaskRunStateAsync(start.TaskRunId, new ProposedState { Type = type });
            (refused!.Status, refused.State!.Id).ShouldBe((SetStateStatus.Abort, begun.TaskRun!.StateId!.Value));
        }

        (await server.Gate.SetTaskRunStateAsync(start.TaskRunId, ProposedStates.Failed()))!.Status.ShouldBe(SetStateStatus.Accept);
        (await server.Gate.EndTaskRunAsync(begun, ProposedStates.Completed(), "1"))!.ShouldBeOfType<GateAnswer.Moved>();
        (await server.Gate.BeginTaskRunAsync(start))!.Kind.ShouldBe(TaskRunStartKind.Ended);
        (await server.Gate.SetTaskRunStateAsync(start.TaskRunId, ProposedStates.Completed()))!.Status.ShouldBe(SetStateStatus.Abort);
        (await server.Gate.SetTaskRunStateAsync(start.TaskRunId, ProposedStates.Pending(), force: true))!.Status.ShouldBe(
            SetStateStatus.Accept
        );
        (await server.Gate.BeginTaskRunAsync(start))!.Answer.Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task CreateAsync_ACallThatTheFlowHasMade_IsTheFlowsTaskRun()
    {
        var flowRun = await server.CreateRunningAsync();
        var made = TestServer.StartOf(flowRun.Id);
        await server.Gate.BeginTaskRunAsync(made);

        var found = await CreateAsync(flowRun.Id, "task");

        (found.Created, found.Run.Id).ShouldBe((false, made.TaskRunId));
    }

    [Fact]
    public async Task SetStateAsync_ClientsTaskRunInAFlowRunOfThisApp_IsTheClients()
    {
        var flowRun = await server.CreateRunningAsync();
        var run = (await CreateAsync(flowRun.Id)).Run;

        (await server.Gate.SetTaskRunStateAsync(run.Id, ProposedStates.Running()))!.Status.ShouldBe(SetStateStatus.Accept);
        (await server.Gate.SetTaskRunStateAsync(run.Id, ProposedStates.Completed()))!.Status.ShouldBe(SetStateStatus.Accept);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(250)]
    public async Task DeleteAsync_AnyHistory_LeavesNothingInThePartition(int states)
    {
        var run = (await CreateAsync(null)).Run;
        for (var i = 1; i < states; i++)
        {
            await server.Gate.SetTaskRunStateAsync(run.Id, ProposedStates.Running());
        }

        (await server.TaskRuns.DeleteAsync(run.Id)).ShouldBeTrue();

        (await server.Store.KeysAsync(RunKeys.Runs, RunKeys.Partition(TaskRunKeys.Home(run)))).ShouldBeEmpty();
        (await server.ListAsync(TaskRunKeys.Flowless)).ShouldBeEmpty();
        (await server.TaskRuns.DeleteAsync(run.Id)).ShouldBeFalse();
    }

    [Fact]
    public async Task DeleteAsync_StateWrittenMeanwhile_IsDeletedToo()
    {
        var run = (await CreateAsync(null)).Run;
        server.Store.Once(RunKeys.Runs, () => server.Gate.SetTaskRunStateAsync(run.Id, ProposedStates.Running()));

        (await server.TaskRuns.DeleteAsync(run.Id)).ShouldBeTrue();

        (await server.Store.KeysAsync(RunKeys.Runs, RunKeys.Partition(TaskRunKeys.Home(run)))).ShouldBeEmpty();
    }

    [Fact]
    public async Task DeleteAsync_OfAFlowRun_KeepsTheOthers()
    {
        var flowRun = await server.CreateRemoteAsync();
        var gone = (await CreateAsync(flowRun.Id)).Run;
        var kept = (await CreateAsync(flowRun.Id, dynamicKey: "1")).Run;

        (await server.TaskRuns.DeleteAsync(gone.Id)).ShouldBeTrue();

        (await server.TaskRuns.GetAsync(gone.Id)).ShouldBeNull();
        (await server.TaskRuns.GetAsync(kept.Id)).ShouldNotBeNull();
        (await CreateAsync(flowRun.Id)).Created.ShouldBeTrue();
        await server.Runs.DeleteAsync(flowRun.Id);
        await server.Runs.PurgeAsync(flowRun.Id);
        (await server.Store.KeysAsync(RunKeys.Runs, RunKeys.Partition(flowRun.Id))).ShouldBeEmpty();
    }

    private Task<TaskRunCreated> CreateAsync(Guid? flowRunId, string taskKey = "t", string dynamicKey = "0") =>
        server.Gate.CreateTaskRunAsync(
            new TaskRunCreate
            {
                FlowRunId = flowRunId,
                TaskKey = taskKey,
                DynamicKey = dynamicKey,
            }
        );
}
