using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Runs;

public sealed class ParentTaskRunsTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync() => server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task FollowAsync_SubflowOfARemoteClient_TaskRunTakesItsState()
    {
        (var subflow, var task) = await CreateAsync(await RemoteParentAsync());
        await ProposeAsync(subflow, ProposedStates.Running("on it"));
        (await server.OutboxAsync())
            .Select(entry => (entry.Kind, entry.FlowRunId))
            .ShouldBe([(OutboxKind.ParentTask, subflow.Id), (OutboxKind.ParentTask, subflow.Id)]);

        await FollowAsync(subflow);
        await FollowAsync(subflow);

        var mirror = (await server.TaskRuns.GetAsync(task.TaskRunId))!;
        (mirror.StateName, mirror.State!.Message).ShouldBe(("Running", "on it"));
        mirror.State.StateDetails.ChildFlowRunId.ShouldBe(subflow.Id);
        (await server.TaskRuns.GetStatesAsync(mirror.Id)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task FollowAsync_LateAndOutOfOrder_EndsInTheSubflowsState()
    {
        (var subflow, var task) = await CreateAsync(await RemoteParentAsync());
        await ProposeAsync(subflow, ProposedStates.Running());
        await ProposeAsync(subflow, ProposedStates.Completed());

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => FollowAsync(subflow)));

        (await server.TaskRuns.GetAsync(task.TaskRunId))!.StateName.ShouldBe("Completed");
        (await server.TaskRuns.GetStatesAsync(task.TaskRunId)).Count(state => state.Name == "Completed").ShouldBe(1);
    }

    [Fact]
    public async Task FollowAsync_ParentOfThisApp_TaskRunIsLeftToItsOrchestration()
    {
        (var subflow, var task) = await CreateAsync(await server.CreateRunningAsync());
        await ProposeAsync(subflow, ProposedStates.Running());
        await ProposeAsync(subflow, ProposedStates.Failed());

        await FollowAsync(subflow);

        (await server.TaskRuns.GetAsync(task.TaskRunId))!.StateName.ShouldBe("Running");
    }

    [Fact]
    public async Task FollowAsync_ParentOrSubflowDeleted_DoesNothing()
    {
        var parent = await RemoteParentAsync();
        (var subflow, _) = await CreateAsync(parent);
        await server.Runs.DeleteAsync(parent.Id);
        await FollowAsync(subflow);
        await server.Runs.DeleteAsync(subflow.Id);

        await FollowAsync(subflow);

        (await server.Runs.GetAsync(subflow.Id)).ShouldBeNull();
    }

    private async Task<FlowRun> RemoteParentAsync()
    {
        var parent = await server.CreateRemoteAsync();
        await ProposeAsync(parent, ProposedStates.Running());
        return parent;
    }

    private async Task<(FlowRun Subflow, TaskRunStart Task)> CreateAsync(FlowRun parent)
    {
        var task = TestServer.StartOf(parent.Id);
        (await server.Gate.BeginTaskRunAsync(task))!.Answer.Status.ShouldBe(SetStateStatus.Accept);
        var subflow = (
            await server.Runs.CreateAsync(new FlowRunCreate { FlowId = server.Remote.Id, ParentTaskRunId = task.TaskRunId })
        ).Run;
        return (subflow, task);
    }

    private Task<ParentOfRun?> FollowAsync(FlowRun subflow) => server.Get<ParentTaskRuns>().FollowAsync(subflow.Id);

    private async Task ProposeAsync(FlowRun run, ProposedState state) =>
        (await server.Gate.ProposeFlowRunStateAsync(run.Id, state, TransitionOrigin.Client))!.Status.ShouldBe(SetStateStatus.Accept);
}
