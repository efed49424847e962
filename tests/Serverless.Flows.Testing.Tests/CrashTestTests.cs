using Microsoft.Extensions.DependencyInjection;
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
            },
            Changing.Services
        );

        steps.ShouldBeGreaterThan(10);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_TaskThatPaysElsewhere_IsFoundOutIfItPaysTwice(bool withKey)
    {
        Bank bank = new();
        Task<int> crashes = CrashTest.RunAsync(
            flows => flows.AddFlow(Payments.Pay),
            host =>
            {
                bank = new Bank();
                return host.RunAsync(Payments.Pay, new { with_key = withKey });
            },
            services =>
            {
                Changing.Services(services);
                services.AddSingleton(_ => bank);
            },
            () => bank.Payments
        );

        if (withKey)
        {
            (await crashes).ShouldBeGreaterThan(10);
            return;
        }

        (await Should.ThrowAsync<FlowTestException>(() => crashes)).Message.ShouldMatch(
            @"After a crash at step \d+, what the tasks did elsewhere is \[10,10,5\]\. Without a crash, it is \[10,5\]\."
        );
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
                },
                Changing.Services
            )
        );

        error.Message.ShouldMatch(
            """After a crash at step \d+, (the run|task run 'watch-0') is Completed with "2"\. Without .* with "1"\."""
        );
    }
}
