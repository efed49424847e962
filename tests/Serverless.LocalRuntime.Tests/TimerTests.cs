using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Serverless.LocalRuntime.Tests.Fixtures;
using Serverless.Testing;

namespace Serverless.LocalRuntime.Tests;

/// <summary>No durable timer fires before its time by the clock that its orchestrator sees, whatever the system's timers do.</summary>
public sealed class TimerTests
{
    private static readonly TimeSpan s_sleep = TimeSpan.FromMinutes(10);

    private readonly MemoryRowStore _rows = new();
    private SteppingTimeProvider _clock = null!;

    [Fact]
    public async Task SystemTimer_EarlyByAFractionOfAMillisecond_IsWaitedFor()
    {
        await using TestRuntime runtime = await StartAsync();
        string id = await runtime.ScheduleAsync("sleep");
        DateTimeOffset due = runtime.Clock.GetUtcNow() + s_sleep;

        _clock.Lag(TimeSpan.FromMicroseconds(300));
        await AdvanceToTimerAsync(runtime, due);
        await AdvanceToTimerAsync(runtime, due + TimeSpan.FromMilliseconds(1));

        (await runtime.CompletionAsync(id)).ReadOutputAs<TimeSpan>().ShouldBe(TimeSpan.FromMicroseconds(700));
    }

    [Fact]
    public async Task Clock_SetBackAsTheTimerFires_TheTimerIsWaitedForAgain()
    {
        await using TestRuntime runtime = await StartAsync();
        string id = await runtime.ScheduleAsync("sleep");
        DateTimeOffset due = runtime.Clock.GetUtcNow() + s_sleep;

        _clock.StepBackAfter(due, TimeSpan.FromMilliseconds(5));
        await AdvanceToTimerAsync(runtime, due);
        await AdvanceToTimerAsync(runtime, due + TimeSpan.FromMilliseconds(5));

        (await runtime.CompletionAsync(id)).ReadOutputAs<TimeSpan>().ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Clock_SetBackAsTheTimerFires_TheTurnOfSomethingElseDoesNotFireIt()
    {
        await using TestRuntime runtime = await StartAsync();
        string id = await runtime.ScheduleAsync("sleep");
        DateTimeOffset due = runtime.Clock.GetUtcNow() + s_sleep;

        _clock.StepBackAfter(due, TimeSpan.FromMilliseconds(5));
        await AdvanceToTimerAsync(runtime, due);
        await runtime.Client.RaiseEventAsync(id, "other");
        (await runtime.Client.GetInstanceAsync(id))!.IsCompleted.ShouldBeFalse();
        await AdvanceToTimerAsync(runtime, due + TimeSpan.FromMilliseconds(5));

        (await runtime.CompletionAsync(id)).ReadOutputAs<TimeSpan>().ShouldBe(TimeSpan.Zero);
    }

    private Task<TestRuntime> StartAsync() => TestRuntime.StartAsync(
        _rows,
        new Scripts().Add("sleep", async context =>
        {
            DateTime due = context.CurrentUtcDateTime + s_sleep;
            await context.CreateTimer(due, CancellationToken.None);
            return context.CurrentUtcDateTime - due;
        }),
        services: services =>
        {
            ManualTimeProvider manual = (ManualTimeProvider)services.Single(service => service.ServiceType == typeof(TimeProvider)).ImplementationInstance!;
            services.AddSingleton<TimeProvider>(_clock = new SteppingTimeProvider(manual));
        });

    /// <summary>Waits until the timer is set for a time, and moves the clock there.</summary>
    private static async Task AdvanceToTimerAsync(TestRuntime runtime, DateTimeOffset expected)
    {
        DateTimeOffset due = await runtime.Clock.WaitForTimerAsync(TimeSpan.FromHours(1)).WaitAsync(TimeSpan.FromSeconds(30));
        due.ShouldBe(expected);
        runtime.Clock.AdvanceTo(due);
    }
}
