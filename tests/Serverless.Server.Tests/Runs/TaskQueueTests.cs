using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;

namespace Serverless.Server.Tests.Runs;

public sealed class TaskQueueTests : IAsyncLifetime
{
    private const string Table = "taskqueue";

    private TestServer server = null!;
    private TaskQueue queue = null!;

    public async Task InitializeAsync()
    {
        server = await TestServer.StartAsync();
        queue = new TaskQueue(server.Store, new RunReader(server.Store, new RecentFlowRuns()), new DeadRows(server.Store));
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task ReadAsync_ScheduledInTurn_RetriesComeFirst()
    {
        var first = await CreateAsync("a", Scheduled(inHours: 2));
        var second = await CreateAsync("a", Scheduled());
        var retried = await CreateAsync("a", Scheduled());
        await SetAsync(retried, Pending());
        await SetAsync(retried, Scheduled() with { Name = StateNames.AwaitingRetry });
        var other = await CreateAsync("b", Scheduled());

        (await ReadAsync("a")).ShouldBe([retried, first, second]);
        (await ReadAsync("b")).ShouldBe([other]);
        (await ReadAsync("c")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(StateType.Pending)]
    [InlineData(StateType.Cancelled)]
    public async Task ReadAsync_TaskRunMovedOn_IsNotInTheQueue(StateType type)
    {
        var id = await CreateAsync("a", Scheduled());

        await SetAsync(
            id,
            new ProposedState
            {
                Type = type,
                StateDetails = new StateDetails { Deferred = true },
            }
        );

        (await ReadAsync("a")).ShouldBeEmpty();
        (await server.Store.CountAsync(Table)).ShouldBe(0);
    }

    [Fact]
    public async Task ReadAsync_ScheduledAgain_IsInTheQueueOnceAtItsEnd()
    {
        var first = await CreateAsync("a", Scheduled());
        var second = await CreateAsync("a", Scheduled());

        await SetAsync(first, Scheduled());

        (await ReadAsync("a")).ShouldBe([second, first]);
        (await server.Store.CountAsync(Table)).ShouldBe(2);
    }

    [Fact]
    public async Task ReadAsync_NotDeferred_IsNotInTheQueue()
    {
        await CreateAsync("a", ProposedStates.Scheduled());

        (await server.Store.CountAsync(Table)).ShouldBe(0);
    }

    [Fact]
    public async Task ReadAsync_Deleted_IsNotInTheQueue()
    {
        var id = await CreateAsync("a", Scheduled());
        var flowRun = await server.CreateRemoteAsync();
        await CreateAsync("a", Scheduled(), flowRun.Id);
        (await ReadAsync("a")).Length.ShouldBe(2);

        await server.TaskRuns.DeleteAsync(id);
        await server.Runs.DeleteAsync(flowRun.Id);
        await server.Runs.PurgeAsync(flowRun.Id);

        (await server.Store.CountAsync(Table)).ShouldBe(0);
    }

    [Fact]
    public async Task ReadAsync_RowThatOutlivedItsState_IsPassedOverAndRemoved()
    {
        var flowRun = await server.CreateRemoteAsync();
        await CreateAsync("a", Scheduled(), flowRun.Id);
        await server.Runs.DeleteAsync(flowRun.Id);

        (await ReadAsync("a")).ShouldBeEmpty();
        (await server.Store.CountAsync(Table)).ShouldBe(0);
    }

    private static ProposedState Pending() => ProposedStates.Pending() with { StateDetails = new StateDetails { Deferred = true } };

    private ProposedState Scheduled(int inHours = 0) =>
        ProposedStates.Scheduled() with
        {
            StateDetails = new StateDetails
            {
                Deferred = true,
                ScheduledTime = server.Time.GetUtcNow().AddHours(inHours),
                TaskParametersId = Guid.NewGuid(),
            },
        };

    private async Task<Guid> CreateAsync(string taskKey, ProposedState state, Guid? flowRunId = null)
    {
        server.Time.Advance(TimeSpan.FromSeconds(1));
        return (
            await server.Gate.CreateTaskRunAsync(
                new TaskRunCreate
                {
                    FlowRunId = flowRunId,
                    TaskKey = taskKey,
                    DynamicKey = Guid.NewGuid().ToString(),
                    State = state,
                }
            )
        ).Run.Id;
    }

    private async Task SetAsync(Guid id, ProposedState state)
    {
        server.Time.Advance(TimeSpan.FromSeconds(1));
        (await server.Gate.SetTaskRunStateAsync(id, state))!.Status.ShouldBe(SetStateStatus.Accept);
    }

    private async Task<Guid[]> ReadAsync(string taskKey) =>
        [.. await queue.ReadAsync(taskKey, (_, _) => true).Select(run => run.Id).ToListAsync()];
}
