using Serverless.Conformance.Tests.Fixtures;
using Serverless.Conformance.Tests.Scripts;

namespace Serverless.Conformance.Tests;

/// <summary>Durable timers.</summary>
public abstract class TimerTests(IDurableEngine engine) : ConformanceTests(engine)
{
    [Fact]
    public async Task Timers_Fire_NotBeforeTheirTimeByTheOrchestratorsClock() =>
        (await ResultAsync<double[]>(nameof(TimerScripts.Late)))!.ShouldAllBe(late => late >= -Early(Engine));

    /// <summary>DurableTask's engine gives timers that have become due together, on a busy machine, in any order.</summary>
    [Fact]
    public async Task Timers_Several_FireInTheOrderOfTheirTimes()
    {
        var fired = (await ResultAsync<string>(nameof(TimerScripts.InTheirOrder)))!.Split(',').Select(int.Parse);

        (Engine.IsOurs ? fired : fired.Order()).ShouldBe([50, 150, 250]);
    }

    [Fact]
    public async Task Timer_InThePast_FiresAtOnce() => (await ResultAsync<string>(nameof(TimerScripts.InThePast))).ShouldBe("fired");

    [Fact]
    public async Task Timer_Cancelled_IsCancelledAndHoldsNothingUp() =>
        (await ResultAsync<string>(nameof(TimerScripts.Cancelled))).ShouldBe("True,True,TaskCanceledException");

    [Fact]
    public async Task Timer_CancelledBefore_IsCancelled() =>
        (await ResultAsync<string>(nameof(TimerScripts.CancelledBefore))).ShouldBe("TaskCanceledException");

    [Fact]
    public async Task Timer_CancelledAfter_HasFired() =>
        (await ResultAsync<string>(nameof(TimerScripts.CancelledAfter))).ShouldBe("RanToCompletion");

    /// <summary>
    /// By how many milliseconds a timer may be early: DurableTask's engine takes the system's timers at their word, which may be off a
    /// little.
    /// </summary>
    internal static double Early(IDurableEngine engine) => engine.IsOurs ? 0 : 20;

    [Collection(LocalEngineCollection.Name)]
    public sealed class OnOurs(LocalEngine engine) : TimerTests(engine);

    [Collection(DurableTaskCollection.Name)]
    public sealed class OnDurableTask(DurableTaskEngine engine) : TimerTests(engine);
}
