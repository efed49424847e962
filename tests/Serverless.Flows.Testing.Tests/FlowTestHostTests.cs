using Serverless.Flows.Testing.Tests.Fixtures;

namespace Serverless.Flows.Testing.Tests;

public sealed class FlowTestHostTests
{
    private static Task<FlowTestHost> StartAsync() => FlowTestHost.StartAsync(flows => flows.AddFlows(typeof(Orders)), Changing.Services);

    [Fact]
    public async Task RunAsync_Flow_HasResultTaskRunsLogsAndArtifacts()
    {
        await using var host = await StartAsync();

        var run = await host.RunAsync(Orders.Run, new { items = new[] { "a", "bb" } });

        run.State.Type.ShouldBe(RunStateType.Completed);
        run.Result<decimal>().ShouldBe(3);
        var tasks = await run.TaskRunsAsync();
        tasks.Select(task => task.Name).ShouldBe(["charge-0", "price-0", "price-1", "sum-prices-0"]);
        tasks.ShouldAllBe(task => task.State.Type == RunStateType.Completed);
        tasks[3].Result<decimal>().ShouldBe(3);
        (await run.LogsAsync()).Select(line => line.Message).ShouldBe(["Charging 3", "Charged 3"]);
        (await run.ArtifactsAsync()).ShouldHaveSingleItem().Key.ShouldBe("receipt");
    }

    [Fact]
    public async Task WaitAsync_DurableSleeps_AreSkippedAndTheStatesHaveTheVirtualTimes()
    {
        await using var host = await StartAsync();
        var start = host.Now;

        var run = await host.RunAsync("reminder", new { days = 30 });

        run.Result<int>().ShouldBe(30);
        host.Now.ShouldBe(start.AddDays(30));
        var states = await run.StatesAsync();
        states[^1].Timestamp!.Value.ShouldBe(start.AddDays(30), TimeSpan.FromMilliseconds(1));
        states[1].Timestamp!.Value.ShouldBe(start, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task StartRunAsync_LaterTime_StartsThen()
    {
        await using var host = await StartAsync();
        var at = host.Now.AddDays(400);

        var run = await host.StartRunAsync(Orders.Run, new { items = new[] { "a" } }, at);
        var state = await run.WaitAsync();

        state.Result<decimal>().ShouldBe(1);
        host.Now.ShouldBe(at);
    }

    [Fact]
    public async Task WaitAsync_RetryDelays_AreSkipped()
    {
        await using var host = await StartAsync();
        var start = host.Now;
        var charge = host.Stub(Orders.Charge).Throws(new InvalidOperationException("No money."), times: 2);

        var run = await host.RunAsync(Orders.Run, new { items = new[] { "a" } });

        run.State.Type.ShouldBe(RunStateType.Completed);
        charge.Calls.Select(call => call.Attempt).ShouldBe([1, 2, 3]);
        charge.Calls[0].Argument<decimal>("amount").ShouldBe(1);
        (host.Now - start).ShouldBe(TimeSpan.FromSeconds(3660));
    }

    [Fact]
    public async Task ResumeAsync_Input_IsTheAnswerOfThePause()
    {
        await using var host = await StartAsync();
        var run = await host.StartRunAsync(Orders.Decide);

        (await run.WhenPausedAsync()).Name.ShouldBe("Paused");
        await run.ResumeAsync(new Answer("yes"));

        (await run.WaitAsync()).Result<string>().ShouldBe("yes");
    }

    [Fact]
    public async Task ResumeAsync_InputThatDoesNotFit_IsRefusedAndTheRunStaysPaused()
    {
        await using var host = await StartAsync();
        var run = await host.StartRunAsync(Orders.Decide);
        await run.WhenPausedAsync();

        var refused = await Should.ThrowAsync<FlowTestException>(() => run.ResumeAsync(new { text = 5 }));

        refused.Message.ShouldContain("cannot be resumed");
        (await run.WhenPausedAsync()).Name.ShouldBe("Paused");
    }

    [Fact]
    public async Task WaitAsync_PausedRun_SaysThatNobodyResumesIt()
    {
        await using var host = await StartAsync();
        var run = await host.StartRunAsync(Orders.Decide);
        var start = host.Now;

        var stuck = await Should.ThrowAsync<FlowTestException>(() => run.WaitAsync());

        stuck.Message.ShouldContain("resume or cancel it");
        host.Now.ShouldBe(start);
    }

    [Fact]
    public async Task ExpirePauseAsync_PausedRun_FailsIt()
    {
        await using var host = await StartAsync();
        var run = await host.StartRunAsync(Orders.Decide);
        await run.WhenPausedAsync();

        await run.ExpirePauseAsync();

        (await run.WaitAsync()).Type.ShouldBe(RunStateType.Failed);
    }

    [Fact]
    public async Task CancelAsync_SleepingRun_IsCancelled()
    {
        await using var host = await StartAsync();
        var run = await host.StartRunAsync(Orders.Remind, new { days = 3 });
        await host.AdvanceAsync(TimeSpan.FromHours(30));

        await run.CancelAsync();

        (await run.WaitAsync()).Type.ShouldBe(RunStateType.Cancelled);
        host.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task WaitAsync_FlowThatSleepsBeyondItsLimit_TimesOut()
    {
        await using var host = await StartAsync();
        var start = host.Now;

        var run = await host.RunAsync(Orders.Limited);

        run.State.Name.ShouldBe("TimedOut");
        (host.Now - start).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromHours(1));
        (host.Now - start).ShouldBeLessThan(TimeSpan.FromHours(2));
    }

    [Theory]
    [InlineData(30, "Completed")]
    [InlineData(90, "Failed")]
    public async Task WaitAsync_TaskThatWaitsOnTheClock_IsSkippedUpToItsLimit(double minutes, string expected)
    {
        await using var host = await StartAsync();
        var start = host.Now;
        host.Stub(Orders.Watch)
            .Runs(
                async (double minutes, CancellationToken token) =>
                {
                    await Task.Delay(TimeSpan.FromMinutes(minutes), (TimeProvider)host.Services.GetService(typeof(TimeProvider))!, token);
                    return "done";
                }
            );

        var run = await host.RunAsync(Orders.Patient, new { minutes });

        run.State.Type.ToString().ShouldBe(expected);
        (host.Now - start).ShouldBe(TimeSpan.FromMinutes(Math.Min(minutes, 60)));
        (await run.TaskRunsAsync()).ShouldHaveSingleItem().State.Name.ShouldBe(minutes > 60 ? "TimedOut" : "Completed");
    }

    [Fact]
    public async Task SubflowsAsync_Parent_HasThem()
    {
        await using var host = await StartAsync();

        var run = await host.RunAsync(Orders.Parent);

        run.Result<int>().ShouldBe(3);
        var subflows = await run.SubflowsAsync();
        subflows.Select(subflow => subflow.Flow).ShouldBe(["reminder", "reminder"]);
        subflows.Sum(subflow => subflow.Result<int>()).ShouldBe(3);
    }

    [Fact]
    public async Task RunAsync_UnknownFlow_NamesTheFlows()
    {
        await using var host = await StartAsync();

        var error = await Should.ThrowAsync<ArgumentException>(() => host.RunAsync("nothing"));

        error.Message.ShouldContain("confirmed, decision, limited, listener, order, parent, patient, reminder");
    }

    [Fact]
    public async Task WaitAsync_TaskThatDoesNotEnd_SaysSoWhenPatienceEnds()
    {
        await using var host = await StartAsync();
        host.Patience = TimeSpan.FromMilliseconds(300);
        TaskCompletionSource<string> end = new();
        host.Stub(Orders.Watch).Runs((double minutes) => end.Task);

        var error = await Should.ThrowAsync<FlowTestException>(() => host.RunAsync(Orders.Patient, new { minutes = 1 }));

        error.Message.ShouldContain("watch(minutes: 1), attempt 1");
        end.SetResult("done");
    }
}
