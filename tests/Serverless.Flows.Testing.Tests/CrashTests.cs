using Serverless.Flows.Testing.Tests.Fixtures;

namespace Serverless.Flows.Testing.Tests;

public sealed class CrashTests
{
    private static Task<FlowTestHost> StartAsync() => FlowTestHost.StartAsync(flows => flows.AddFlows(typeof(Orders)));

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
