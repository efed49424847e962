using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Artifacts;
using Serverless.Server.Logs;
using Serverless.Server.Outbox;
using Serverless.Server.Retention;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Retention;

/// <param name="columns">Whether the store keeps columns.</param>
public abstract class RetentionSweepTests(bool columns)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    [Fact]
    public async Task Run_EndedLongerAgoThanItIsKept_GoesWithAllThatIsItsOwn()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var old = await EndedAsync(server);
        var artifact = await server
            .Get<ArtifactService>()
            .CreateAsync(
                new Artifact
                {
                    Id = Guid.Empty,
                    FlowRunId = old.Id,
                    Key = "k",
                }
            );
        await LogAsync(server, old.Id);
        server.Time.Advance(TimeSpan.FromDays(1));
        var young = await EndedAsync(server);

        server.Time.Advance(Kept - TimeSpan.FromDays(1));
        (await RunAsync(server)).ShouldBe(0);
        server.Time.Advance(TimeSpan.FromSeconds(1));

        // The run, and the artifact that now belongs to none.
        (await RunAsync(server)).ShouldBe(2);

        (await server.Runs.GetAsync(old.Id)).ShouldBeNull();
        (await server.Runs.GetAsync(young.Id)).ShouldNotBeNull();
        (await server.OutboxAsync())
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(entry => entry.Kind.ShouldBe(OutboxKind.Purge), entry => entry.FlowRunId.ShouldBe(old.Id));
        await server.Runs.PurgeAsync(old.Id);
        (await server.Get<ArtifactService>().GetAsync(artifact!.Id)).ShouldBeNull();
        (await server.Store.CountAsync(LogKeys.Logs)).ShouldBe(0);
    }

    [Fact]
    public async Task Run_ThatHasNotEnded_StaysHoweverOldItIs()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        await server.CreateRemoteAsync(ProposedStates.Running());
        await server.CreateRemoteAsync(ProposedStates.Scheduled());
        server.Time.Advance(Kept * 10);

        (await RunAsync(server)).ShouldBe(0);
    }

    [Fact]
    public async Task Run_ThatRanForLong_IsKeptFromItsEndOn()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var run = await server.CreateRemoteAsync(ProposedStates.Running());
        server.Time.Advance(Kept * 2);
        await EndAsync(server, run.Id, ProposedStates.Crashed());

        (await RunAsync(server)).ShouldBe(0);
        server.Time.Advance(Kept + TimeSpan.FromSeconds(1));
        (await RunAsync(server)).ShouldBe(1);
    }

    [Fact]
    public async Task Subflow_OfARunThatIsKept_StaysUntilThatGoes()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var parent = await server.CreateRunningAsync();
        var child = (
            await server.Runs.CreateSubflowAsync(
                Guid.Parse("0192f0c0-0000-7000-8000-000000000001"),
                parent.Id,
                new FlowRunCreate { FlowId = server.Registered.FlowId, State = ProposedStates.Completed() }
            )
        )!.Run;
        server.Time.Advance(Kept * 2);
        (await RunAsync(server)).ShouldBe(0);

        await EndAsync(server, parent.Id, ProposedStates.Completed());
        server.Time.Advance(Kept - TimeSpan.FromSeconds(1));
        (await RunAsync(server)).ShouldBe(0);
        server.Time.Advance(TimeSpan.FromSeconds(2));
        (await RunAsync(server)).ShouldBe(2);
        (await server.Runs.GetAsync(child.Id)).ShouldBeNull();
    }

    [Fact]
    public async Task Run_StartedAgainMeanwhile_Stays()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var run = await EndedAsync(server);
        server.Time.Advance(Kept * 2);
        server.Store.Once(RunKeys.Runs, () => EndAsync(server, run.Id, ProposedStates.Scheduled()));

        (await RunAsync(server)).ShouldBe(0);

        (await server.Runs.GetAsync(run.Id))!.StateType.ShouldBe(StateType.Scheduled);
    }

    [Fact]
    public async Task Run_TwoHostsAtOnce_DeleteEachRunOnce()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        for (var index = 0; index < 30; index++)
        {
            await EndedAsync(server);
        }

        server.Time.Advance(Kept * 2);
        RetentionSweep other = new([.. server.GetAll<IRetainedKind>()], server.Time);
        var deleted = await Task.WhenAll(RunAsync(server), RunAsync(other));

        deleted.Sum().ShouldBe(30);
        (await server.OutboxAsync()).Count.ShouldBe(30);
    }

    [Fact]
    public async Task Run_MoreThanAStepLooksAt_TheNextStepGoesOn()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var parent = await server.CreateRunningAsync();
        for (var index = 0; index < 7; index++)
        {
            await EndedAsync(server, index % 2 == 0 ? ProposedStates.Completed() : ProposedStates.Failed());
        }

        server.Time.Advance(Kept * 2);
        RetentionSweep sweep = new([new FewAtOnce(server.GetAll<IRetainedKind>().First())], server.Time);
        List<int> steps = [];
        for (var step = 0; step < 5; step++)
        {
            steps.Add(await RunAsync(sweep));
        }

        steps.ShouldBe([2, 2, 2, 1, 0]);
        (await server.Runs.GetAsync(parent.Id)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Run_NothingIsOldEnough_ReadsNoRun()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        for (var index = 0; index < 50; index++)
        {
            await EndedAsync(server);
        }

        var (reads, queries) = (server.Store.Reads, server.Store.Queries);
        await RunAsync(server);

        // One page of the columns, or of each part of the four lists of final states; and of each part of the list of the task runs
        // outside flows, of lines of no run (of none, and of task runs), and of artifacts.
        (server.Store.Reads - reads, server.Store.Queries - queries).ShouldBe((0, (columns ? 1 : RunKeys.Shards * 4) + RunKeys.Shards + 3));
    }

    [Fact]
    public async Task Logs_KeptForLessThanTheirRun_GoBeforeIt()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        server.Get<RetentionOptions>().LogRetentionDays = 7;
        var run = await EndedAsync(server);
        await LogAsync(server, run.Id);

        server.Time.Advance(TimeSpan.FromDays(7));
        (await RunAsync(server)).ShouldBe(0);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        (await RunAsync(server)).ShouldBe(1);

        (await server.Store.CountAsync(LogKeys.Logs)).ShouldBe(0);
        (await server.Runs.GetAsync(run.Id)).ShouldNotBeNull();
        (await RunAsync(server)).ShouldBe(0);
    }

    [Fact]
    public async Task Artifacts_OfNoRun_GoAsRunsDo_AndOthersWithTheirOwnTime()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var service = server.Get<ArtifactService>();
        var run = await server.CreateRemoteAsync(ProposedStates.Running());
        var own = await service.CreateAsync(new Artifact { Id = Guid.Empty, FlowRunId = run.Id });
        var free = await service.CreateAsync(new Artifact { Id = Guid.Empty, Key = "free" });

        server.Time.Advance(Kept + TimeSpan.FromSeconds(1));
        (await RunAsync(server)).ShouldBe(1);
        (await service.GetAsync(free!.Id)).ShouldBeNull();
        (await service.GetAsync(own!.Id)).ShouldNotBeNull();

        server.Get<RetentionOptions>().ArtifactRetentionDays = 30;
        (await RunAsync(server)).ShouldBe(1);
        (await service.GetAsync(own.Id)).ShouldBeNull();
    }

    [Fact]
    public async Task TaskRuns_OutsideFlows_GoWhenTheyHaveEnded()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var ended = await server.Gate.CreateTaskRunAsync(
            new TaskRunCreate
            {
                TaskKey = "t",
                DynamicKey = "0",
                State = ProposedStates.Completed(),
            }
        );
        var open = await server.Gate.CreateTaskRunAsync(new TaskRunCreate { TaskKey = "t", DynamicKey = "1" });
        server.Time.Advance(Kept + TimeSpan.FromSeconds(1));

        (await RunAsync(server)).ShouldBe(1);

        (await server.TaskRuns.GetAsync(ended.Run.Id)).ShouldBeNull();
        (await server.TaskRuns.GetAsync(open.Run.Id)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Lines_OfNoFlowRun_GoByTheirAgeWhicheverTaskRunTheyAreOf()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        Write(null, "old 0");
        Write(Guid.NewGuid(), "old 1");
        var mixed = Guid.NewGuid();
        Write(mixed, "old 2");
        server.Time.Advance(Kept);
        Write(mixed, "new 2");
        Write(Guid.NewGuid(), "new 3");
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await server.Get<RunLogs>().FlushAllAsync();
        RetentionSweep sweep = new(
            [new FewAtOnce(server.GetAll<IRetainedKind>().Single(kind => kind.Name == "log_lines_of_no_run"))],
            server.Time
        );

        var deleted = 0;
        for (var step = 0; step < 8; step++)
        {
            deleted += await RunAsync(sweep);
        }

        deleted.ShouldBe(3);
        (await server.Get<LogQueries>().FilterAsync(new LogQuery())).Select(line => line.Message).Order().ShouldBe(["new 2", "new 3"]);

        void Write(Guid? taskRunId, string message) =>
            server.Get<RunLogs>().Write(new LogEntry(null, taskRunId, server.Time.GetUtcNow(), 20, "test", message));
    }

    [Fact]
    public async Task Run_RetentionTurnedOff_KeepsEverything()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        server.Get<RetentionOptions>().RunRetentionDays = 0;
        await EndedAsync(server);
        server.Time.Advance(TimeSpan.FromDays(10_000));

        (await RunAsync(server)).ShouldBe(0);
    }

    private static async Task<FlowRun> EndedAsync(TestServer server, ProposedState? state = null)
    {
        var run = await server.CreateRemoteAsync(ProposedStates.Running());
        await EndAsync(server, run.Id, state ?? ProposedStates.Completed());
        return run;
    }

    private static Task<GateAnswer> EndAsync(TestServer server, Guid id, ProposedState state) =>
        server.Gate.ProposeFlowRunStateAsync(id, state, TransitionOrigin.Client, force: true);

    private static Task LogAsync(TestServer server, Guid id)
    {
        server.Get<RunLogs>().Write(new LogEntry(id, null, server.Time.GetUtcNow(), 20, "test", "line"));
        return server.Get<RunLogs>().FlushAsync(id);
    }

    private static Task<int> RunAsync(TestServer server) => RunAsync(server.Get<RetentionSweep>());

    private static async Task<int> RunAsync(RetentionSweep sweep) => (await sweep.RunAsync()).Count;

    /// <summary>A kind that is looked at two by two.</summary>
    private sealed class FewAtOnce(IRetainedKind kind) : IRetainedKind
    {
        public string Name => kind.Name;

        public string Things => kind.Things;

        public int? KeepDays => kind.KeepDays;

        public int MostExamined => 2;

        public IAsyncEnumerable<RetainedThing> FindAsync(DateTimeOffset before, string? from, CancellationToken cancellationToken) =>
            kind.FindAsync(before, from, cancellationToken);
    }
}
