using Serverless.Flows.Testing.Tests.Fixtures;

namespace Serverless.Flows.Testing.Tests;

public sealed class CrashTestTests
{
    private static int _counter;

    [Fact]
    public async Task RunAsync_FlowWithSleepsRetriesAndAPause_EndsTheSameAtEachCrash()
    {
        var steps = await CrashTest.RunAsync(
            flows => flows.AddFlows(typeof(Orders)),
            async host =>
            {
                var run = await host.StartRunAsync(Orders.Confirmed, new { items = new[] { "a", "bb" } });
                await run.WhenPausedAsync();
                await run.ResumeAsync(new Answer("yes"));
                await run.WaitAsync();
                return run;
            }
        );

        steps.ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task RunAsync_FlowWhoseTaskCountsItsRuns_IsFoundOut()
    {
        var error = await Should.ThrowAsync<FlowTestException>(() =>
            CrashTest.RunAsync(
                flows => flows.AddFlows(typeof(Orders)),
                host =>
                {
                    _counter = 0;
                    host.Stub(Orders.Watch).Runs(() => $"{++_counter}");
                    return host.RunAsync(Orders.Patient, new { minutes = 1 });
                }
            )
        );

        error.Message.ShouldMatch(
            """After a crash at step \d+, (the run|task run 'watch-0') is Completed with "2"\. Without .* with "1"\."""
        );
    }
}
