using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Serverless.LocalRuntime.Tests.Fixtures;
using Serverless.Testing;

namespace Serverless.LocalRuntime.Tests;

/// <summary>No durable timer fires before its time by the clock that its orchestrator sees, whatever the system's timers do.</summary>
public sealed class TimerTests
{
    private static readonly TimeSpan Sleep = TimeSpan.FromMinutes(10);

    private readonly MemoryRowStore _rows = new();
    private SteppingTimeProvider _clock = null!;

    [Fact]
    public async Task SystemTimer_EarlyByAFractionOfAMillisecond_IsWaitedFor()
    {
        await using var runtime = await StartAsync();
        var id = await runtime.ScheduleAsync("sleep");
        var due = runtime.Clock.GetUtcNow() + Sleep;

        _clock.Lag(TimeSpan.FromMicroseconds(300));
        await AdvanceToTimerAsync(runtime, due);
        await AdvanceToTimerAsync(runtime, due + TimeSpan.FromMilliseconds(1));

        (await runtime.CompletionAsync(id)).ReadOutputAs<TimeSpan>().ShouldBe(TimeSpan.FromMicroseconds(700));
    }

    [Fact]
    public async Task Clock_SetBackAsTheTimerFires_TheTimerIsWaitedForAgain()
    {
        await using var runtime = await StartAsync();
        var id = await runtime.ScheduleAsync("sleep");
        var due = runtime.Clock.GetUtcNow() + Sleep;

        _clock.StepBackAfter(due, TimeSpan.FromMilliseconds(5));
        await AdvanceToTimerAsync(runtime, due);
        await AdvanceToTimerAsync(runtime, due + TimeSpan.FromMilliseconds(5));

        (await runtime.CompletionAsync(id)).ReadOutputAs<TimeSpan>().ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Clock_SetBackAsTheTimerFires_TheTurnOfSomethingElseDoesNotFireIt()
    {
        await using var runtime = await StartAsync();
        var id = await runtime.ScheduleAsync("sleep");
        var due = runtime.Clock.GetUtcNow() + Sleep;

        _clock.StepBackAfter(due, TimeSpan.FromMilliseconds(5));
        await AdvanceToTimerAsync(runtime, due);
        await runtime.Client.RaiseEventAsync(id, "other");
        (await runtime.Client.GetInstanceAsync(id))!.IsCompleted.ShouldBeFalse();
        await AdvanceToTimerAsync(runtime, due + TimeSpan.FromMilliseconds(5));

        (await runtime.CompletionAsync(id)).ReadOutputAs<TimeSpan>().ShouldBe(TimeSpan.Zero);
    }

    private Task<TestRuntime> StartAsync() =>
        TestRuntime.StartAsync(
            _rows,
            new Scripts().Add(
                "sleep",
                async context =>
                {
                    var due = context.CurrentUtcDateTime + Sleep;
                    await context.CreateTimer(due, CancellationToken.None);
                    return context.CurrentUtcDateTime - due;
                }
            ),
            services: services =>
            {
                ManualTimeProvider manual = (ManualTimeProvider)
                    services.Single(service => service.ServiceType == typeof(TimeProvider)).ImplementationInstance!;
                services.AddSingleton<TimeProvider>(_clock = new SteppingTimeProvider(manual));
            }
        );

    /// <summary>Waits until the timer is set for a time, and moves the clock there.</summary>
    private static async Task AdvanceToTimerAsync(TestRuntime runtime, DateTimeOffset expected)
    {
        var due = await runtime.Clock.WaitForTimerAsync(TimeSpan.FromHours(1)).WaitAsync(Waiting.Patience);
        due.ShouldBe(expected);
        runtime.Clock.AdvanceTo(due);
    }
}
