using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Runs;

namespace Serverless.Functions.Tests;

public sealed class CancelTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Cancel_SleepingRun_EndsAtOnce()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            await flow.SleepAsync(Hour);
            return 1;
        });
        await app.Clock.WaitForTimerAsync(Hour).WaitAsync(EmbeddedApp.Patience);

        (await app.Control.CancelAsync(id))!.Status.ShouldBe(SetStateStatus.Accept);
        await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Cancelling Cancelled");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Cancel_RunWithRunningTask_TellsItByItsToken()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)));
        await app.WhenExecutedAsync("hold 1");

        await app.Control.CancelAsync(id);
        await app.WhenExecutedAsync("told 1");
        await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Cancelling Cancelled");
        (await app.TaskStatesAsync((await app.TaskRunAsync(id)).Id)).ShouldBe("Pending Running Cancelled");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Cancel_RunWhoseTaskDoesNotHeedIt_EndsAfterTheGraceAndIgnoresItsResult()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.PersistAsync(1)));
        await app.WhenExecutedAsync("persist 1");

        await app.Control.CancelAsync(id);
        await app.WhenAsync(id, StateNames.Cancelling);
        await app.AdvanceToTimerAsync(TimeSpan.FromSeconds(30));
        await app.WhenFinalAsync(id);
        app.Probe.Open("hold");
        await app.WhenExecutedAsync("persisted 1");
        await app.ShouldSettleAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Cancelling Cancelled");
        (await app.TaskStatesAsync((await app.TaskRunAsync(id)).Id)).ShouldBe("Pending Running Cancelled");
    }

    [Fact]
    public async Task Cancel_RunWhoseTaskAwaitsItsRetry_EndsBothAtOnce()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.Fail(9)));
        await app.WhenAsync(async () => (await app.TaskRunsAsync(id)).Any(task => task.StateName == StateNames.AwaitingRetry), "the retry");

        await app.Control.CancelAsync(id);
        await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Cancelling Cancelled");
        (await app.TaskStatesAsync((await app.TaskRunAsync(id)).Id)).ShouldBe("Pending Running AwaitingRetry Cancelled");
        app.Probe.Count("attempt 2").ShouldBe(0);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Cancel_RunWithQueuedBatches_StartsNoneAfterwards()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
            (await flow.Map(Enumerable.Range(0, 300), (Work work, int number) => work.HoldAsync(number))).Length
        );
        await app.WhenExecutedAsync("hold");

        await app.Control.CancelAsync(id);
        var run = await app.WhenFinalAsync(id);
        var started = app.Probe.Count("hold");
        await app.ShouldSettleAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Cancelling Cancelled");
        started.ShouldBeInRange(1, 299);
        app.Probe.Count("hold").ShouldBe(started);
        var tasks = await app.TaskRunsAsync(id);
        tasks.Count.ShouldBe(started);
        tasks.ShouldAllBe(task => task.StateName == StateNames.Cancelled && task.EndTime <= run.EndTime);
        await app.WhenAsync(
            async () =>
            {
                await foreach (var instance in app.Client.GetAllInstancesAsync())
                {
                    if (!instance.IsCompleted)
                    {
                        return false;
                    }
                }

                return true;
            },
            "the end of the batches"
        );
    }

    [Fact]
    public async Task Cancel_RunWithSubflows_CancelsThem()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.Bodies["holding"] = flow => flow.RunAsync((Work work) => work.HoldAsync(1));
        app.Probe.Bodies["pausing"] = async flow =>
        {
            await flow.PauseAsync(Hour);
            return 1;
        };
        var id = await app.RunAsync(async flow =>
        {
            var values = await flow.Map(new[] { "holding", "pausing" }, (Scripts scripts, string body) => scripts.RunAsync(flow, body));
            return values.Length;
        });
        await app.WhenExecutedAsync("hold 1");
        await app.WhenAsync(async () => (await app.SubflowsAsync(id)).Any(run => run.StateName == StateNames.Paused), "the paused subflow");

        await app.Control.CancelAsync(id);
        await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Cancelling Cancelled");
        var subflows = await app.SubflowsAsync(id);
        subflows.Count.ShouldBe(2);
        subflows.ShouldAllBe(run => run.StateName == StateNames.Cancelled);
        (await app.TaskRunsAsync(id)).ShouldAllBe(task => task.StateName == StateNames.Cancelled);
        await app.ShouldSettleAsync([id, .. subflows.Select(run => run.Id)]);
    }

    [Fact]
    public async Task Cancel_WhileASubflowIsCreated_CancelsItToo()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.Bodies["holding"] = flow => flow.RunAsync((Work work) => work.HoldAsync(1));
        TaskCompletionSource creating = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource cancelling = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var id = await app.RunAsync(flow => flow.RunAsync((Scripts scripts) => scripts.RunAsync(flow, "holding")), after: Hour);
        app.Store.BeforeCommit = async commit =>
        {
            if (commit.Operations[0].Address is { Table: "runs", RowKey: "run" } run && run.PartitionKey != id.ToString("N"))
            {
                creating.TrySetResult();
                await cancelling.Task;
            }
        };
        await app.AdvanceToTimerAsync(Hour);
        await creating.Task.WaitAsync(EmbeddedApp.Patience);

        await app.Control.CancelAsync(id);
        await app.WhenAsync(async () => !await app.Get<Server.Outbox.OutboxStore>().ReadAsync().AnyAsync(), "the word of it to arrive");
        cancelling.SetResult();
        await app.WhenFinalAsync(id);

        var subflow = (await app.SubflowsAsync(id)).ShouldHaveSingleItem();
        subflow.StateName.ShouldBe(StateNames.Cancelled);
        app.Probe.Count("hold 1").ShouldBe(0);
        await app.ShouldSettleAsync(id, subflow.Id);
    }

    [Theory]
    [InlineData(false, "Scheduled Pending Running Paused Cancelled")]
    [InlineData(true, "Scheduled Pending Running Suspended Cancelled")]
    public async Task Cancel_PausedRun_EndsAtOnce(bool suspend, string states)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            await (suspend ? flow.SuspendAsync(Hour) : flow.PauseAsync(Hour));
            return await flow.RunAsync((Work work) => work.Do(1));
        });
        await app.WhenAsync(id, suspend ? StateNames.Suspended : StateNames.Paused);

        await app.Control.CancelAsync(id);
        await app.WhenFinalAsync(id);
        await app.ShouldSettleAsync(id);

        (await app.StatesAsync(id)).ShouldBe(states);
        app.Probe.Count("do 1").ShouldBe(0);
    }

    [Fact]
    public async Task Cancel_PausedRunWithRunningAndWaitingTasks_EndsAll()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            var held = flow.Submit((Work work) => work.HoldAsync(1));
            var failed = await flow.RunAsync((Work work) => work.Fail(1));
            return failed + await held;
        });
        await app.WhenExecutedAsync("hold 1");
        await app.WhenAsync(async () => (await app.TaskRunsAsync(id)).Any(task => task.StateName == StateNames.AwaitingRetry), "the retry");
        await app.Control.PauseAsync(id, Hour);

        await app.Control.CancelAsync(id);
        await app.WhenExecutedAsync("told 1");
        await app.ShouldSettleAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Paused Cancelled");
        (await app.TaskRunsAsync(id)).ShouldAllBe(task => task.StateName == StateNames.Cancelled);
    }

    [Fact]
    public async Task Cancel_FinalRun_ChangesNothing()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(_ => Task.FromResult(1));
        await app.WhenFinalAsync(id);

        (await app.Control.CancelAsync(id))!.Status.ShouldBe(SetStateStatus.Abort);
        await app.ShouldSettleAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Completed");
        (await app.ResultAsync(id)).ShouldBe("1");
    }

    [Fact]
    public async Task Cancel_WhileTheAppIsDown_IsCarriedOutAfterTheRestart()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)));
        await app.WhenExecutedAsync("hold 1");
        app.Announcer.Loses = true;
        await app.Control.CancelAsync(id);

        await app.RestartAsync(Hour);
        await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Cancelling Cancelled");
        (await app.TaskStatesAsync((await app.TaskRunAsync(id)).Id)).ShouldBe("Pending Running Cancelled");
        await app.ShouldSettleAsync(id);
    }
}
