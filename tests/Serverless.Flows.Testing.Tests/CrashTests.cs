using Serverless.Flows.Testing.Tests.Fixtures;

namespace Serverless.Flows.Testing.Tests;

public sealed class CrashTests
{
    private static Task<FlowTestHost> StartAsync() => FlowTestHost.StartAsync(flows => flows.AddFlows(typeof(Orders)), Changing.Services);

    [Fact]
    public async Task CrashAsync_SleepingRun_GoesOnInTheNextProcess()
    {
        await using var host = await StartAsync();
        var run = await host.StartRunAsync(Orders.Remind, new { days = 3 });
        await host.AdvanceAsync(TimeSpan.FromHours(30));

        await host.CrashAsync();

        (await run.WaitAsync()).Result<int>().ShouldBe(3);
        host.Crashes.ShouldBe(1);
        host.Calls.Count.ShouldBe(3);
    }

    /// <summary>The activities: the begin of the run, two prices, the sum, the charge, the artifact, the end of the run.</summary>
    [Fact]
    public async Task LoseAnswerAt_EachActivity_IsCalledAgainWithoutRunningATaskTwice()
    {
        var lost = 0;
        for (var answer = 1; ; answer++)
        {
            await using var host = await StartAsync();
            host.LoseAnswerAt(answer);

            var run = await host.RunAsync(Orders.Run, new { items = new[] { "a" } });

            run.MustBeCompleted().Result<decimal>().ShouldBe(1);
            host.Calls.Select(call => call.Task).ShouldBe(["price", "sum-prices", "charge"]);
            (await run.TaskRunsAsync()).ShouldAllBe(task => task.States.Count == 3);
            if (host.Crashes == 0)
            {
                break;
            }

            lost++;
        }

        lost.ShouldBeGreaterThanOrEqualTo(6);
    }

    [Fact]
    public async Task Crashes_Task_IsRunAgain()
    {
        await using var host = await StartAsync();
        var charge = host.Stub(Orders.Charge).Crashes();

        var run = await host.RunAsync(Orders.Run, new { items = new[] { "a" } });

        run.State.Type.ShouldBe(RunStateType.Completed);
        host.Crashes.ShouldBe(1);
        charge.Calls.Count.ShouldBe(2);
        (await run.TaskRunsAsync()).ShouldAllBe(task => task.State.Type == RunStateType.Completed);
    }
}
