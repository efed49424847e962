using Serverless.Flows.Calls;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests;

/// <summary>Bodies that run on without waiting are abandoned.</summary>
public sealed class BodyStepsTests : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TestFlow _test;

    public BodyStepsTests() => _test = new TestFlow(_stop.Token);

    public void Dispose() => _stop.Dispose();

    [Fact]
    public async Task Wait_WhileTheRunGoesOn_EndsAsOftenAsWanted()
    {
        for (var i = 0; i < 10 * BodySteps.MostAfterStop; i++)
        {
            await _test.Context.SleepAsync(TimeSpan.Zero);
        }

        _test.Engine.GivenUp.ShouldBeNull();
    }

    [Fact]
    public async Task Wait_AfterTheStop_EndsOftenEnoughToUnwindAndThenNotAnyMore()
    {
        await _stop.CancelAsync();
        for (var i = 0; i < BodySteps.MostAfterStop; i++)
        {
            await _test.Context.SleepAsync(TimeSpan.Zero);
        }

        _test.Context.SleepAsync(TimeSpan.Zero).IsCompleted.ShouldBeFalse();
        _test.Context.RunAsync(() => Steps.Add(1)).IsCompleted.ShouldBeFalse();
        _test.Context.PauseAsync().IsCompleted.ShouldBeFalse();
        _test.Engine.GivenUp.ShouldBeNull();
    }

    [Fact]
    public async Task Wait_ForTheSameFutureAfterTheStop_DoesNotEndAnyMore()
    {
        var future = _test.Context.Submit(() => Steps.Add(1));
        await future;
        await _stop.CancelAsync();
        for (var i = 0; i < BodySteps.MostAfterStop; i++)
        {
            await future;
        }

        future.WaitForStateAsync().IsCompleted.ShouldBeFalse();
        future.GetAwaiter().IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Wait_ForManyFuturesAfterTheStop_CountsAsOne()
    {
        var futures = _test.Context.Map(Enumerable.Range(0, 2 * BodySteps.MostAfterStop), number => Steps.Add(number));
        await futures;
        await _stop.CancelAsync();

        (await futures).Length.ShouldBe(2 * BodySteps.MostAfterStop);
        (await futures.WaitForStatesAsync()).Length.ShouldBe(2 * BodySteps.MostAfterStop);
        await TaskFuture.WhenAll(futures.Cast<TaskFuture>());
    }

    [Fact]
    public void Look_AgainAndAgainInOneTurn_IsRefusedAndGivesTheBodyUp()
    {
        for (var i = 0; i < BodySteps.Most; i++)
        {
            _ = _test.Context.UtcNow;
        }

        Should.Throw<InvalidOperationException>(() => _test.Context.UtcNow).Message.ShouldContain("keeps running without waiting");
        _test.Engine.GivenUp.ShouldNotBeNull();
    }

    [Fact]
    public void Look_AfterTimeHasPassed_CountsAnew()
    {
        for (var i = 0; i < BodySteps.Most; i++)
        {
            _ = _test.Context.UtcNow;
        }

        _test.Engine.UtcNow += TimeSpan.FromTicks(1);

        _ = _test.Context.UtcNow;
        _test.Engine.GivenUp.ShouldBeNull();
    }
}
