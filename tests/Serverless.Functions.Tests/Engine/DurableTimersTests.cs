using Microsoft.DurableTask;
using Serverless.Functions.Engine;
using Serverless.Functions.Tests.Fixtures;

namespace Serverless.Functions.Tests.Engine;

/// <summary>Durable timers of Azure Storage fire up to a second early: no wait of ours ends before its time.</summary>
public sealed class DurableTimersTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1000, 920)]
    [InlineData(1000, 1000)]
    [InlineData(2500, 400)]
    [InlineData(60_000, 1)]
    [InlineData(300, 0)]
    public async Task WaitAsync_TimerFiresEarly_GoesOnWaiting(int milliseconds, int early)
    {
        EarlyTimerContext context = new(Start, TimeSpan.FromMilliseconds(early));

        await context.WaitAsync(TimeSpan.FromMilliseconds(milliseconds));

        var waited = context.CurrentUtcDateTime - Start.UtcDateTime;
        waited.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(milliseconds));
        waited.ShouldBeLessThanOrEqualTo(TimeSpan.FromMilliseconds(milliseconds + (early == 0 ? 0 : 1000)));
        context.Timers.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task WaitUntilAsync_TimeIsPast_CreatesNoTimer()
    {
        EarlyTimerContext context = new(Start, TimeSpan.Zero);

        await context.WaitUntilAsync(Start);

        context.Timers.ShouldBe(0);
    }

    [Fact]
    public async Task WaitAsync_Cancelled_Throws()
    {
        EarlyTimerContext context = new(Start, TimeSpan.Zero);

        await Should.ThrowAsync<OperationCanceledException>(() =>
            context.WaitAsync(TimeSpan.FromHours(1), new CancellationToken(canceled: true))
        );
    }
}
