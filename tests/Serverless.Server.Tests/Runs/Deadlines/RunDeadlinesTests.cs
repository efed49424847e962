using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Runs.Deadlines;

/// <param name="columns">Whether the store keeps columns.</param>
public abstract class RunDeadlinesTests(bool columns)
{
    [Fact]
    public async Task MarkLate_RunNotBegunInTime_IsLateOnce()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var due = server.Time.GetUtcNow().AddMinutes(1);
        var run = await server.CreateRemoteAsync(ProposedStates.Scheduled(due));

        server.Time.Advance(TimeSpan.FromSeconds(74));
        (await Deadlines(server).MarkLateAsync()).ShouldBe(0);
        server.Time.Advance(TimeSpan.FromSeconds(2));
        (await Deadlines(server).MarkLateAsync()).ShouldBe(1);
        (await Deadlines(server).MarkLateAsync()).ShouldBe(0);

        var late = (await server.Runs.GetAsync(run.Id))!;
        (late.StateType, late.StateName).ShouldBe((StateType.Scheduled, "Late"));
        (late.State!.StateDetails.ScheduledTime, late.NextScheduledStartTime, late.ExpectedStartTime).ShouldBe((due, due, due));
        (await server.Runs.GetStatesAsync(run.Id)).Select(state => state.Name).ShouldBe(["Scheduled", "Late"]);
    }

    [Fact]
    public async Task MarkLate_OnlyWhatIsScheduledByName_IsMarked()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var now = server.Time.GetUtcNow();
        await server.CreateRemoteAsync(ProposedStates.AwaitingRetry(now));
        await server.CreateRemoteAsync(ProposedStates.Resuming(now));
        await server.CreateRemoteAsync();
        server.Time.Advance(TimeSpan.FromHours(1));

        (await Deadlines(server).MarkLateAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task MarkLate_RunsOfTheFuture_AreNotRead()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        for (var hours = 1; hours <= 50; hours++)
        {
            await server.CreateRemoteAsync(ProposedStates.Scheduled(server.Time.GetUtcNow().AddHours(hours)));
        }

        var (reads, queries) = (server.Store.Reads, server.Store.Queries);
        await Deadlines(server).MarkLateAsync();

        // One page of each part of the list.
        (server.Store.Reads - reads, server.Store.Queries - queries).ShouldBe((0, columns ? 1 : RunKeys.Shards));
    }

    [Fact]
    public async Task MarkLate_RunOfThisApp_BeginsAllTheSame()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var run = (
            await server.Runs.CreateAsync(new FlowRunCreate { FlowId = server.Registered.FlowId, State = ProposedStates.Scheduled() })
        ).Run;
        var entries = (await server.OutboxAsync()).Count;
        var known = (await server.Runs.ReadAsync(run.Id))!;
        server.Time.Advance(TimeSpan.FromMinutes(1));
        (await Deadlines(server).MarkLateAsync()).ShouldBe(1);

        // What was read before is judged no more; what is read now begins.
        (await BeginAsync(server, known)).ShouldBeOfType<GateAnswer.Moved>();
        (await BeginAsync(server, (await server.Runs.ReadAsync(run.Id))!)).IsAccepted.ShouldBeTrue();
        (await server.Runs.GetAsync(run.Id))!.StateType.ShouldBe(StateType.Running);
        (await server.OutboxAsync()).Count.ShouldBe(entries);
    }

    [Fact]
    public async Task MarkLate_RunBeginsMeanwhile_StaysBegun()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var run = (
            await server.Runs.CreateAsync(new FlowRunCreate { FlowId = server.Registered.FlowId, State = ProposedStates.Scheduled() })
        ).Run;
        server.Time.Advance(TimeSpan.FromMinutes(1));
        server.Store.Once(
            RunKeys.Runs,
            async () => (await BeginAsync(server, (await server.Runs.ReadAsync(run.Id))!)).IsAccepted.ShouldBeTrue()
        );

        (await Deadlines(server).MarkLateAsync()).ShouldBe(0);

        (await server.Runs.GetStatesAsync(run.Id)).Select(state => state.Name).ShouldBe(["Scheduled", "Pending", "Running"]);
    }

    [Fact]
    public async Task MarkLate_TwoHostsAtOnce_MarkOnce()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        for (var index = 0; index < 40; index++)
        {
            await server.CreateRemoteAsync(ProposedStates.Scheduled());
        }

        server.Time.Advance(TimeSpan.FromMinutes(1));
        var marked = await Task.WhenAll(Deadlines(server).MarkLateAsync(), Deadlines(server).MarkLateAsync());

        marked.Sum().ShouldBe(40);
        (await server.ListAsync(RunKeys.DueToStart)).ShouldBeEmpty();
    }

    [Fact]
    public async Task MarkLate_MoreThanAStepTakes_TheNextStepGoesOn()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        for (var index = 0; index < RunDeadlines.MostAtOnce + 3; index++)
        {
            await server.CreateRemoteAsync(ProposedStates.Scheduled());
        }

        server.Time.Advance(TimeSpan.FromMinutes(1));

        (await Deadlines(server).MarkLateAsync()).ShouldBe(RunDeadlines.MostAtOnce);
        (await Deadlines(server).MarkLateAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task FailExpiredPauses_PauseOfARemoteRunIsOver_FailsItAsPrefectDoes()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var run = await server.CreateRemoteAsync(ProposedStates.Running());
        await server.Get<FlowRunControl>().PauseAsync(run.Id, TimeSpan.FromMinutes(5));
        var open = await server.CreateRemoteAsync(ProposedStates.Paused());

        server.Time.Advance(TimeSpan.FromMinutes(5));
        (await Deadlines(server).FailExpiredPausesAsync()).ShouldBe(0);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        (await Deadlines(server).FailExpiredPausesAsync()).ShouldBe(1);

        var failed = (await server.Runs.GetAsync(run.Id))!;
        (failed.StateType, failed.State!.Message).ShouldBe((StateType.Failed, "The flow was paused and never resumed."));
        (await server.Runs.GetAsync(open.Id))!.StateType.ShouldBe(StateType.Paused);
    }

    [Fact]
    public async Task FailExpiredPauses_RunOfThisApp_IsLeftToItsOwnTimer()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var run = await server.CreateRunningAsync();
        await server.Get<FlowRunControl>().PauseAsync(run.Id, TimeSpan.FromMinutes(5));
        server.Time.Advance(TimeSpan.FromHours(1));

        (await Deadlines(server).FailExpiredPausesAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task EndStuck_ClientDoesNotStopARun_CancelsItAfterTenMinutes()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var run = await server.CreateRemoteAsync(ProposedStates.Running());
        await server.Get<FlowRunControl>().CancelAsync(run.Id);
        (await server.Runs.GetAsync(run.Id))!.StateType.ShouldBe(StateType.Cancelling);

        server.Time.Advance(TimeSpan.FromMinutes(10));
        (await Deadlines(server).EndStuckAsync()).ShouldBe(0);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        (await Deadlines(server).EndStuckAsync()).ShouldBe(1);

        var ended = (await server.Runs.GetAsync(run.Id))!;
        (ended.StateType, ended.State!.Message).ShouldBe(
            (StateType.Cancelled, "The client that executes the run did not stop it within 10 minutes.")
        );
    }

    [Fact]
    public async Task EndStuck_ClientDoesNotBeginAPendingRun_CrashesItAfterADay()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var run = await server.CreateRemoteAsync(ProposedStates.Pending());

        server.Time.Advance(TimeSpan.FromDays(1));
        (await Deadlines(server).EndStuckAsync()).ShouldBe(0);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        (await Deadlines(server).EndStuckAsync()).ShouldBe(1);

        var ended = (await server.Runs.GetAsync(run.Id))!;
        (ended.StateType, ended.State!.Message).ShouldBe(
            (StateType.Crashed, "The run was Pending for 1440 minutes, and no client began it.")
        );
    }

    [Theory]
    [InlineData(StateType.Pending)]
    [InlineData(StateType.Cancelling)]
    public async Task EndStuck_DeadlinesTurnedOff_LeavesRunsAlone(StateType type)
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var run = await server.CreateRemoteAsync(type == StateType.Pending ? ProposedStates.Pending() : ProposedStates.Running());
        if (type == StateType.Cancelling)
        {
            await server.Get<FlowRunControl>().CancelAsync(run.Id);
        }

        var options = server.Get<RunDeadlineOptions>();
        (options.PendingTimeoutMinutes, options.CancellingTimeoutMinutes) = (0, 0);
        server.Time.Advance(TimeSpan.FromDays(1000));

        (await Deadlines(server).EndStuckAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Cancel_RemoteRunThatBegan_AsksForItsChildrenToBeEnded()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var begun = await server.CreateRemoteAsync(ProposedStates.Running());
        var never = await server.CreateRemoteAsync(ProposedStates.Scheduled(server.Time.GetUtcNow().AddHours(1)));

        foreach (var run in new[] { begun, never })
        {
            await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Cancelled(), TransitionOrigin.Client);
        }

        (await server.OutboxAsync())
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                entry => entry.Kind.ShouldBe(Server.Outbox.OutboxKind.EndChildren),
                entry => entry.FlowRunId.ShouldBe(begun.Id)
            );
    }

    private static RunDeadlines Deadlines(TestServer server) => server.Get<RunDeadlines>();

    private static async Task<GateAnswer> BeginAsync(TestServer server, FlowRunSnapshot known) =>
        (await server.Gate.ProposeFlowRunStatesAsync(known, [ProposedStates.Pending(), ProposedStates.Running()], known.Generation)).Answer;
}
