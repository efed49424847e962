using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Logs;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Functions.Tests;

/// <summary>Background task runs that a flow asks for: clients see them with its flow run, which they are no part of.</summary>
public sealed class DelayedByFlowTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Flow_Delays_ShowsTheTaskRunWithItsOwn()
    {
        await using var app = await EmbeddedApp.StartAsync();
        Guid delayed = default;
        var id = await app.RunAsync(async flow =>
        {
            var one = flow.Submit((Work work) => work.Do(1));
            delayed = await flow.DelayAsync((Work work) => work.Do(one.AsArgument()));
            return await one;
        });
        await app.WhenFinalAsync(id);
        await app.DriveTaskAsync(delayed);

        (await app.TaskAsync(delayed)).FlowRunId.ShouldBe(id);
        var runs = await app.TaskRunsAsync(id);
        runs.Count.ShouldBe(2);
        runs.Select(run => run.Id).ShouldContain(delayed);
        (await app.BackgroundRunsAsync()).ShouldBeEmpty();
        var graph = (await app.Get<FlowRunGraphs>().ReadAsync(id, DateTimeOffset.MinValue)).ShouldNotBeNull();
        graph.Nodes.Count.ShouldBe(2);
        graph.Nodes.Single(node => node.Id == delayed).Node.Parents.ShouldHaveSingleItem();
        (await app.Get<FlowRunGraphs>().ReadTaskRunsAsync(id)).ShouldNotBeNull().Count.ShouldBe(2);
        await app.ShouldSettleAsync(id);
        await app.ShouldSettleTasksAsync(delayed);
    }

    [Fact]
    public async Task Task_OfAFlowDelays_ShowsTheTaskRunWithTheFlowRun()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.WaitingBodies["delays"] = async task => (await task.BackgroundTasks.DelayAsync((Work work) => work.Do(1))).Id.ToString();
        var id = await app.RunAsync(async flow => (await flow.RunAsync((Work work) => work.AskAsync("delays"))).Length);
        await app.WhenFinalAsync(id);

        var delayed = (await app.TaskRunsAsync(id)).Single(run => run.TaskKey.EndsWith(nameof(Work.Do), StringComparison.Ordinal));
        await app.DriveTaskAsync(delayed.Id);
        (await app.TaskAsync(delayed.Id)).FlowRunId.ShouldBe(id);
    }

    [Fact]
    public async Task Delete_TheFlowRun_DeletesWhatHasEndedAndLeavesTheOthersTheirTime()
    {
        await using var app = await EmbeddedApp.StartAsync();
        Guid ended = default;
        Guid running = default;
        Guid later = default;
        var id = await app.RunAsync(async flow =>
        {
            ended = await flow.DelayAsync((Work work) => work.Do(1));
            running = await flow.DelayAsync((Work work) => work.HoldAsync(2, default));
            later = await flow.DelayAsync((Work work) => work.Do(3), new DelayOptions { ScheduledTime = flow.UtcNow + Hour });
            return 0;
        });
        await app.WhenFinalAsync(id);
        await app.Background.Get<int>(ended).ResultAsync().WaitAsync(EmbeddedApp.Patience);
        await app.WhenExecutedAsync("hold 2");

        (await app.Runs.DeleteAsync(id)).ShouldBeTrue();
        await app.SweepOutboxAsync();
        await app.WhenAsync(async () => await app.TaskRuns.GetAsync(ended) is null, "the deletion of the task run that has ended");

        (await app.BackgroundRunsAsync())
            .Select(run => (run.Id, run.FlowRunId))
            .ShouldBe([(running, null), (later, null)], ignoreOrder: true);
        app.Probe.Open("hold");
        (await app.Background.Get<int>(running).ResultAsync().WaitAsync(EmbeddedApp.Patience)).ShouldBe(2);
        (await app.DriveTaskAsync(later)).StateType.ShouldBe(StateType.Completed);
        await app.ShouldSettleTasksAsync(running, later);
        (await app.Client.GetInstanceAsync(OutboxEntry.BackgroundInstanceIdOf(ended))).ShouldBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Flow_DelaysWhileTooManyRunsWait_AsksForTwoHours(bool isThereRoomInTheEnd)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var options = app.Get<RunAdmissionOptions>();
        var usual = options.MaxWaiting;
        var begun = app.Clock.GetUtcNow();
        var id = await app.RunAsync(async flow =>
        {
            await flow.RunAsync((Work work) => work.HoldAsync(1, default));
            await flow.DelayAsync((Work work) => work.Do(2));
            return 3;
        });
        await app.WhenExecutedAsync("hold 1");
        options.MaxWaiting = 0;
        app.Probe.Open("hold");
        if (isThereRoomInTheEnd)
        {
            while (app.Clock.GetUtcNow() - begun < Hour)
            {
                app.Clock.AdvanceTo(await app.Clock.WaitForTimerAsync(Hour).WaitAsync(EmbeddedApp.Patience));
            }

            options.MaxWaiting = usual;
        }

        var run = await app.DriveAsync(id);

        var waited = app.Clock.GetUtcNow() - begun;
        waited.ShouldBeGreaterThan(isThereRoomInTheEnd ? Hour : TimeSpan.FromHours(1.75));
        waited.ShouldBeLessThan(TimeSpan.FromHours(isThereRoomInTheEnd ? 1.5 : 2.5));
        (run.StateType, run.State!.Message).ShouldBe(
            isThereRoomInTheEnd
                ? (StateType.Completed, null)
                : (
                    StateType.Crashed,
                    "Execution was interrupted by an unexpected exception: OverloadedException: "
                        + "Task Serverless.Functions.Tests.Fixtures.Work.Do is not run in the background. "
                        + "0 runs wait to be started already: try again later."
                )
        );
        app.Probe.Count("hold 1").ShouldBe(1);
    }

    [Fact]
    public async Task Create_ForAFlowRunThatIsGone_HasNone()
    {
        await using var app = await EmbeddedApp.StartAsync();

        BackgroundTaskRequest request = new()
        {
            TaskKey = "Serverless.Functions.Tests.Fixtures.Work.Do",
            Input = """{"Arguments":"{\"number\":1}"}""",
            ScheduledTime = app.Clock.GetUtcNow() + Hour,
            DelayedBy = Guid.NewGuid(),
        };
        var created = await app.Get<BackgroundTaskRuns>().CreateAsync(request);

        (await app.TaskAsync(created.Run.Id)).FlowRunId.ShouldBeNull();
        (await app.BackgroundRunsAsync()).ShouldHaveSingleItem().Id.ShouldBe(created.Run.Id);
    }

    [Fact]
    public async Task Delete_ATaskRun_TakesItFromItsFlowRunWithItsLines()
    {
        await using var app = await EmbeddedApp.StartAsync();
        Guid delayed = default;
        var id = await app.RunAsync(async flow =>
        {
            delayed = await flow.DelayAsync((Work work) => work.Fail(9, null!));
            return 0;
        });
        await app.WhenFinalAsync(id);
        await app.DriveTaskAsync(delayed);
        await app.Get<RunLogs>().FlushAllAsync();
        LogQuery lines = new() { Logs = new LogFilter { TaskRunId = new IdFilter { Any = [delayed] } } };
        (await app.Get<LogQueries>().FilterAsync(lines)).ShouldNotBeEmpty();

        (await app.TaskRuns.DeleteAsync(delayed)).ShouldBeTrue();

        (await app.TaskRunsAsync(id)).ShouldBeEmpty();
        (await app.Get<LogQueries>().FilterAsync(lines)).ShouldBeEmpty();
        (await app.Get<FlowRunGraphs>().ReadAsync(id, DateTimeOffset.MinValue)).ShouldNotBeNull().Nodes.ShouldBeEmpty();
    }
}
