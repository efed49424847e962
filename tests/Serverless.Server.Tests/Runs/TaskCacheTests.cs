using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Runs;

public sealed class TaskCacheTests : IAsyncLifetime
{
    private const string Table = "taskcache";

    private TestServer server = null!;
    private int calls;

    public async Task InitializeAsync() => server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Running_KeyOfACompletedState_TakesTheStateInstead()
    {
        await CompleteAsync("key", "first");
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await CompleteAsync("key", "second");
        await CompleteAsync("other", "third");

        var answer = await RunAsync("key");

        (answer.Status, answer.Reason).ShouldBe((SetStateStatus.Reject, "Retrieved state from cache"));
        (answer.State!.Type, answer.State.Name, answer.State.Message).ShouldBe((StateType.Completed, StateNames.Cached, "second"));
    }

    [Fact]
    public async Task Running_UnknownKeyOrRefresh_Runs()
    {
        await CompleteAsync("key", "first");

        (await RunAsync("another")).Status.ShouldBe(SetStateStatus.Accept);
        (await RunAsync("key", refresh: true)).Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task Running_Expired_IsPassedOverAndRemoved()
    {
        var soon = server.Time.GetUtcNow() + TimeSpan.FromMinutes(1);
        await CompleteAsync("key", "lasting");
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await CompleteAsync("key", "passing", soon);
        (await RunAsync("key")).State!.Message.ShouldBe("passing");
        server.Time.Advance(TimeSpan.FromMinutes(1));

        (await RunAsync("key")).State!.Message.ShouldBe("lasting");

        (await server.Store.CountAsync(Table)).ShouldBe(1);
    }

    [Fact]
    public async Task Running_TaskRunOfTheStateDeleted_Runs()
    {
        var run = await CompleteAsync("key", "first");

        await server.TaskRuns.DeleteAsync(run.Id);

        (await server.Store.CountAsync(Table)).ShouldBe(0);
        (await RunAsync("key")).Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task Running_FlowRunOfTheStateDeleted_Runs()
    {
        var flowRun = await server.CreateRemoteAsync(ProposedStates.Running());
        await CompleteAsync("key", "first", flowRunId: flowRun.Id);

        await server.Runs.DeleteAsync(flowRun.Id);
        (await server.Store.CountAsync(Table)).ShouldBe(1);
        (await RunAsync("key")).Status.ShouldBe(SetStateStatus.Accept);

        await server.Runs.PurgeAsync(flowRun.Id);
        (await server.Store.CountAsync(Table)).ShouldBe(0);
    }

    [Fact]
    public async Task Purge_OfAFlowRun_TakesItsRowsAlong()
    {
        var flowRun = await server.CreateRemoteAsync(ProposedStates.Running());
        await CompleteAsync("key", "first", flowRunId: flowRun.Id);
        await CompleteAsync(new string('k', 1500), "second", flowRunId: flowRun.Id);

        await server.Runs.DeleteAsync(flowRun.Id);
        await server.Runs.PurgeAsync(flowRun.Id);

        (await server.Store.CountAsync(Table)).ShouldBe(0);
    }

    [Fact]
    public async Task Running_WithoutAKey_DoesNotLook()
    {
        var run = await CreateAsync();
        var reads = server.Store.Reads;
        await server.Gate.SetTaskRunStateAsync(run.Id, ProposedStates.Running());

        (server.Store.Reads - reads).ShouldBe(2);
    }

    private async Task<TaskRun> CreateAsync(Guid? flowRunId = null) =>
        (
            await server.Gate.CreateTaskRunAsync(
                new TaskRunCreate
                {
                    FlowRunId = flowRunId,
                    TaskKey = "t",
                    DynamicKey = $"{calls++}",
                }
            )
        ).Run;

    private async Task<TaskRun> CompleteAsync(string key, string message, DateTimeOffset? expiration = null, Guid? flowRunId = null)
    {
        var run = await CreateAsync(flowRunId);
        var state = ProposedStates.Completed(message) with
        {
            StateDetails = new StateDetails { CacheKey = key, CacheExpiration = expiration },
        };
        (await server.Gate.SetTaskRunStateAsync(run.Id, state))!.Status.ShouldBe(SetStateStatus.Accept);
        return run;
    }

    private async Task<GateAnswer> RunAsync(string key, bool refresh = false)
    {
        var state = ProposedStates.Running() with
        {
            StateDetails = new StateDetails { CacheKey = key, RefreshCache = refresh },
        };
        return (await server.Gate.SetTaskRunStateAsync((await CreateAsync()).Id, state)).ShouldNotBeNull();
    }
}
