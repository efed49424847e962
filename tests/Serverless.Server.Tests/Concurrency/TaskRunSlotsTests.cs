using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Concurrency;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Concurrency;

/// <summary>Task runs and the slots of their tags' limits.</summary>
public sealed class TaskRunSlotsTests
{
    private static readonly Guid Database = ConcurrencyKeys.IdOfTag("database");
    private static readonly Guid Api = ConcurrencyKeys.IdOfTag("api");

    [Fact]
    public async Task Begin_SlotFree_HoldsItUntilTheEnd()
    {
        await using var server = await TestServer.StartAsync();
        await LimitAsync(server, "database", 1);
        var run = await server.CreateRunningAsync();
        var start = StartOf(run.Id, 0, "database", "unlimited");

        var started = await BeginAsync(server, start);

        started.Answer.Status.ShouldBe(SetStateStatus.Accept);
        (await server.TaskRuns.GetStatesAsync(start.TaskRunId)).Select(state => state.Name).ShouldBe(["Pending", "Running"]);
        var slot = (await server.SlotsAsync(Database)).ShouldHaveSingleItem();
        slot.Owner.ShouldBe(new SlotOwner(run.Id, start.TaskRunId));
        slot.Expires.ShouldBeNull();

        await server.Gate.EndTaskRunAsync(started, ProposedStates.Completed());
        (await server.SlotsAsync(Database)).ShouldBeEmpty();
        (await server.TaskRuns.GetAsync(start.TaskRunId))!.StateType.ShouldBe(StateType.Completed);
    }

    [Fact]
    public async Task Begin_NoSlotFree_WaitsAsPending()
    {
        await using var server = await TestServer.StartAsync();
        await LimitAsync(server, "database", 1);
        var run = await server.CreateRunningAsync();
        var first = await BeginAsync(server, StartOf(run.Id, 0, "database"));
        var start = StartOf(run.Id, 1, "database");

        var second = await BeginAsync(server, start);

        var wait = second.Answer.Details.ShouldBeOfType<StateWaitDetails>();
        wait.Reason.ShouldBe("Concurrency limit reached for tags: database");
        wait.DelaySeconds.ShouldBeInRange(1, 20);
        (await server.TaskRuns.GetAsync(start.TaskRunId)).ShouldNotBeNull().StateName.ShouldBe("Pending");

        await BeginAsync(server, start);
        (await server.TaskRuns.GetStatesAsync(start.TaskRunId)).Count.ShouldBe(1);
        await server.Gate.EndTaskRunAsync(first, ProposedStates.Failed());
        (await BeginAsync(server, start)).Answer.Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task Begin_SlotsWereHeldForLong_WaitsLonger()
    {
        await using var server = await TestServer.StartAsync();
        await LimitAsync(server, "database", 1);
        var run = await server.CreateRunningAsync();
        for (var i = 0; i < 10; i++)
        {
            var started = await BeginAsync(server, StartOf(run.Id, i, "database"));
            server.Time.Advance(TimeSpan.FromSeconds(7));
            await server.Gate.EndTaskRunAsync(started, ProposedStates.Completed());
        }

        await BeginAsync(server, StartOf(run.Id, 10, "database"));

        (await server.Limits().GetAsync(Database, CancellationToken.None))!.Occupancy.ShouldBe(7, 0.1);
    }

    [Fact]
    public async Task Begin_OneOfTwoTagsFull_TakesNone()
    {
        await using var server = await TestServer.StartAsync();
        await LimitAsync(server, "database", 2);
        await LimitAsync(server, "api", 1);
        var run = await server.CreateRunningAsync();
        await BeginAsync(server, StartOf(run.Id, 0, "api"));

        (await BeginAsync(server, StartOf(run.Id, 1, "database", "api"))).Answer.Status.ShouldBe(SetStateStatus.Wait);

        (await server.SlotsAsync(Database)).ShouldBeEmpty();
    }

    /// <summary>Who changes the limit looks for waiting task runs when this one has its state, but is not in the queue yet.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Begin_LimitRenamedOrDeletedBeforeItIsInTheQueue_GoesOn(bool isRenamed)
    {
        await using var server = await TestServer.StartAsync();
        await LimitAsync(server, "database", 1);
        var run = await server.CreateRunningAsync();
        await BeginAsync(server, StartOf(run.Id, 0, "database"));
        server.Store.Once(
            ConcurrencyKeys.Waits,
            () =>
                isRenamed
                    ? server.Limits().UpdateAsync(Database, new LimitChanges(Name: "files"), CancellationToken.None)
                    : server.Limits().DeleteAsync(Database, CancellationToken.None)
        );

        var started = await BeginAsync(server, StartOf(run.Id, 1, "database") with { Instance = "some" });

        server.Store.BeforeCommit.ShouldBeNull();
        started.Kind.ShouldBe(TaskRunStartKind.Begun);
    }

    [Fact]
    public async Task Begin_SecondTagTakenMeanwhile_GivesTheFirstBack()
    {
        await using var server = await TestServer.StartAsync();
        await LimitAsync(server, "database", 1);
        await LimitAsync(server, "api", 1);
        var last = new[] { Database, Api }.Max();
        var run = await server.CreateRunningAsync();

        // Just before the first of the two is taken, somebody takes the last.
        server.Store.Once(ConcurrencyKeys.Limits, () => BeginAsync(server, StartOf(run.Id, 0, last == Api ? "api" : "database")));
        var started = await BeginAsync(server, StartOf(run.Id, 1, "database", "api"));

        started.Answer.Status.ShouldBe(SetStateStatus.Wait);
        (await server.SlotsAsync(Database)).Count.ShouldBe(last == Database ? 1 : 0);
        (await server.SlotsAsync(Api)).Count.ShouldBe(last == Api ? 1 : 0);
    }

    [Fact]
    public async Task Begin_LimitOfZero_EndsTheTaskRunWithTheReason()
    {
        await using var server = await TestServer.StartAsync();
        await LimitAsync(server, "database", 0);
        var run = await server.CreateRunningAsync();
        var start = StartOf(run.Id, 0, "database");

        var started = await BeginAsync(server, start);

        started.Kind.ShouldBe(TaskRunStartKind.Ended);
        var state = (await server.TaskRuns.GetAsync(start.TaskRunId))!.State!;
        state.Type.ShouldBe(StateType.Crashed);
        state.Message.ShouldBe("The concurrency limit on tag \"database\" is 0 and will deadlock if the task tries to run again.");
        (await BeginAsync(server, start)).TaskRun!.State!.Id.ShouldBe(state.Id);
    }

    [Theory]
    [InlineData(1, "Pending", "Waits")]
    [InlineData(0, "Crashed", "Ended")]
    public async Task Begin_AgainInTheNextAttemptWithoutASlot_IsNotItsEarlierEnd(int limit, string state, string kind)
    {
        await using var server = await TestServer.StartAsync();
        await LimitAsync(server, "database", 1);
        var other = await server.CreateRunningAsync();
        var holder = await BeginAsync(server, StartOf(other.Id, 0, "database"));
        var run = await server.CreateRunningAsync();
        var start = StartOf(run.Id, 0, "database");
        (await BeginAsync(server, start)).Kind.ShouldBe(TaskRunStartKind.Waits);
        await server.Gate.ProposeTaskRunStateAsync(run.Id, start.TaskRunId, ProposedStates.Cancelled());
        await RestartAsync(server, run);
        await LimitAsync(server, "database", limit);

        var again = await BeginAsync(server, start);

        again.Kind.ToString().ShouldBe(kind);
        var stored = (await server.TaskRuns.GetAsync(start.TaskRunId))!;
        (stored.StateName, stored.FlowRunRunCount).ShouldBe((state, 2));
        if (limit > 0)
        {
            await server.Gate.EndTaskRunAsync(holder, ProposedStates.Completed());
            (await BeginAsync(server, start)).Kind.ShouldBe(TaskRunStartKind.Begun);
        }
    }

    [Fact]
    public async Task Begin_EndedByAClientWhileItWaitsInTheNextAttempt_StaysEnded()
    {
        await using var server = await TestServer.StartAsync();
        await LimitAsync(server, "database", 1);
        var run = await server.CreateRunningAsync();
        var start = StartOf(run.Id, 1, "database");
        await server.Gate.EndTaskRunAsync(await BeginAsync(server, start), ProposedStates.Failed());
        await RestartAsync(server, run);
        var holder = await BeginAsync(server, StartOf(run.Id, 0, "database"));
        (await BeginAsync(server, start)).Kind.ShouldBe(TaskRunStartKind.Waits);

        await server.Gate.SetTaskRunStateAsync(start.TaskRunId, ProposedStates.Failed("enough"));
        await server.Gate.EndTaskRunAsync(holder, ProposedStates.Completed());

        var again = await BeginAsync(server, start);
        again.Kind.ShouldBe(TaskRunStartKind.Ended);
        again.TaskRun!.State!.Message.ShouldBe("enough");
    }

    [Theory]
    [InlineData(StateType.Paused, TaskRunStartKind.Paused)]
    [InlineData(StateType.Pending, TaskRunStartKind.Paused)]
    [InlineData(StateType.Cancelling, TaskRunStartKind.Stopped)]
    public async Task Begin_AgainInTheNextAttemptWhileTheFlowDoesNotRun_ChangesNothing(StateType type, TaskRunStartKind kind)
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var start = StartOf(run.Id, 0);
        await server.Gate.EndTaskRunAsync(await BeginAsync(server, start), ProposedStates.Failed("at first"));
        await RestartAsync(server, run);
        await server.Gate.ProposeFlowRunStateAsync(run.Id, new ProposedState { Type = type }, TransitionOrigin.Orchestrator, force: true);

        (await BeginAsync(server, start)).Kind.ShouldBe(kind);

        (await server.TaskRuns.GetAsync(start.TaskRunId))!.State!.Message.ShouldBe("at first");
    }

    [Fact]
    public async Task Begin_FlowRunStoppedMeanwhile_GivesTheSlotBack()
    {
        await using var server = await TestServer.StartAsync();
        await LimitAsync(server, "database", 1);
        var run = await server.CreateRunningAsync();
        server.Store.Once(ConcurrencyKeys.Limits, async () => await server.Get<FlowRunControl>().CancelAsync(run.Id));

        var started = await BeginAsync(server, StartOf(run.Id, 0, "database"));

        started.Answer.Status.ShouldBe(SetStateStatus.Abort);
        (await server.SlotsAsync(Database)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Begin_AwaitingRetry_TakesASlotAgain()
    {
        await using var server = await TestServer.StartAsync();
        await LimitAsync(server, "database", 1);
        var run = await server.CreateRunningAsync();
        var start = StartOf(run.Id, 0, "database") with { EmpiricalPolicy = new TaskRunPolicy { Retries = 1 } };
        await server.Gate.EndTaskRunAsync(await BeginAsync(server, start), ProposedStates.Failed());
        (await server.SlotsAsync(Database)).ShouldBeEmpty();

        (await BeginAsync(server, start)).Answer.State!.Name.ShouldBe("Retrying");

        (await server.SlotsAsync(Database)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Purge_DeletedFlowRun_GivesItsTasksSlotsBack()
    {
        await using var server = await TestServer.StartAsync();
        await LimitAsync(server, "database", 5);
        var run = await server.CreateRunningAsync();
        await BeginAsync(server, StartOf(run.Id, 0, "database"));
        await BeginAsync(server, StartOf(run.Id, 1, "database"));

        await server.Runs.DeleteAsync(run.Id);
        await server.Runs.PurgeAsync(run.Id);

        (await server.SlotsAsync(Database)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Begin_NoLimits_CostsNoRequestMore()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        await BeginAsync(server, StartOf(run.Id, 0, "database"));
        (var reads, var queries, var commits) = (server.Store.Reads, server.Store.Queries, server.Store.Commits);

        await BeginAsync(server, StartOf(run.Id, 1, "database"));

        (server.Store.Reads - reads, server.Store.Queries - queries, server.Store.Commits - commits).ShouldBe((0, 0, 1));
    }

    /// <summary>Ends a run, and has it run a second time.</summary>
    private static async Task RestartAsync(TestServer server, FlowRun run)
    {
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Failed(), TransitionOrigin.Orchestrator);
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Scheduled(), TransitionOrigin.Client);
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Running(), TransitionOrigin.Orchestrator);
    }

    private static async Task LimitAsync(TestServer server, string tag, int limit) => await server.Limits().SetTagLimitAsync(tag, limit);

    private static TaskRunStart StartOf(Guid flowRunId, int dynamicKey, params string[] tags) =>
        TestServer.StartOf(flowRunId, dynamicKey) with
        {
            Tags = tags,
        };

    private static async Task<TaskRunStarted> BeginAsync(TestServer server, TaskRunStart start) =>
        (await server.Gate.BeginTaskRunAsync(start)).ShouldNotBeNull();
}
