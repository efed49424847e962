using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Tests.Runs;

/// <summary>Task runs of one cache key that execute one at a time, and the commits that caching takes.</summary>
public sealed class TaskLocksTests : IAsyncLifetime
{
    private static readonly TaskRunCaching Cached = new("key");
    private static readonly TaskRunCaching Serial = new("key", Serializable: true);

    private TestServer server = null!;
    private FlowRun run = null!;
    private int calls;

    public async Task InitializeAsync()
    {
        server = await TestServer.StartAsync();
        run = await server.CreateRunningAsync();
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Begin_KeyOfACompletedRun_EndsAsCachedInOneCommitWithItsResult()
    {
        await EndAsync((await BeginAsync(Cached)).Started, Cached);
        var commits = server.Store.Commits;

        var (started, start) = await BeginAsync(Serial);

        started.Kind.ShouldBe(TaskRunStartKind.Ended);
        started.StoredResultJson.ShouldBe("[1]");
        (server.Store.Commits - commits).ShouldBe(1);
        (await server.TaskRuns.GetStatesAsync(start.TaskRunId)).Select(state => state.Name).ShouldBe(["Pending", "Cached"]);
        (await server.TaskRuns.GetResultAsync(start.TaskRunId)).ShouldNotBeNull().Json.ShouldBe("[1]");
        (await server.Gate.BeginTaskRunAsync(start)).ShouldNotBeNull().StoredResultJson.ShouldBe("[1]");
    }

    [Fact]
    public async Task Begin_OtherRunOfTheKeyRuns_WaitsForAQuarterOfItsTime()
    {
        var (first, _) = await BeginAsync(Serial);
        server.Time.Advance(TimeSpan.FromSeconds(40));

        var (second, start) = await BeginAsync(Serial);

        first.Kind.ShouldBe(TaskRunStartKind.Begun);
        second.Kind.ShouldBe(TaskRunStartKind.Waits);
        second.Answer.ShouldBeOfType<GateAnswer.Waits>().DelaySeconds.ShouldBe(10);
        await EndAsync(first, Serial);
        (await server.Gate.BeginTaskRunAsync(start)).ShouldNotBeNull().StoredResultJson.ShouldBe("[1]");
    }

    [Fact]
    public async Task Begin_RowOfTheResultIsNotWrittenYet_IsFoundByTheLock()
    {
        await EndAsync((await BeginAsync(Serial)).Started, Serial);
        await foreach (var row in server.Store.ScanAsync(RowRange.WholeTable("taskcache")))
        {
            await server.Store.CommitAsync(
                new RowCommit().Add(RowOperation.Delete(new RowAddress("taskcache", row.PartitionKey, row.RowKey)))
            );
        }

        (await BeginAsync(Serial)).Started.StoredResultJson.ShouldBe("[1]");
        (await server.Store.CountAsync("taskcache")).ShouldBe(1);
    }

    [Fact]
    public async Task Begin_OtherRunFailed_TakesItsTurn()
    {
        var (first, _) = await BeginAsync(Serial);
        await server.Gate.EndTaskRunAsync(first, ProposedStates.Failed("no"));

        (await BeginAsync(Serial)).Started.Kind.ShouldBe(TaskRunStartKind.Begun);
        (await BeginAsync(Serial)).Started.Kind.ShouldBe(TaskRunStartKind.Waits);
    }

    [Fact]
    public async Task Begin_Refresh_RunsWhateverIsThereAndWaitsItsTurn()
    {
        await EndAsync((await BeginAsync(Serial)).Started, Serial);

        (await BeginAsync(Serial with { Refresh = true })).Started.Kind.ShouldBe(TaskRunStartKind.Begun);
        (await BeginAsync(Serial with { Refresh = true })).Started.Kind.ShouldBe(TaskRunStartKind.Waits);
        (await BeginAsync(Serial)).Started.Kind.ShouldBe(TaskRunStartKind.Ended);
    }

    private async Task<(TaskRunStarted Started, TaskRunStart Start)> BeginAsync(TaskRunCaching caching)
    {
        var start = TestServer.StartOf(run.Id, calls++) with { Caching = caching };
        return ((await server.Gate.BeginTaskRunAsync(start)).ShouldNotBeNull(), start);
    }

    private async Task EndAsync(TaskRunStarted started, TaskRunCaching caching)
    {
        var completed = ProposedStates.Completed() with { StateDetails = new StateDetails { CacheKey = caching.Key } };
        (await server.Gate.EndTaskRunAsync(started, completed, "[1]")).Status.ShouldBe(SetStateStatus.Accept);
    }
}
