using System.Reflection;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests;

public sealed class RetryDelaysTests
{
    private static readonly MethodInfo Method = typeof(RetryDelaysTests).GetMethod(
        nameof(Work),
        BindingFlags.Static | BindingFlags.NonPublic
    )!;

    [Fact]
    public void Exponential_OfAFirstWait_DoublesIt()
    {
        RetryDelays
            .Exponential(TimeSpan.FromSeconds(10), 4)
            .ShouldBe([TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(80)]);
        RetryDelays.Exponential(TimeSpan.FromSeconds(10), 0).ShouldBeEmpty();
        RetryDelays.Exponential(TimeSpan.Zero, 2).ShouldBe([TimeSpan.Zero, TimeSpan.Zero]);
    }

    [Fact]
    public void Exponential_OfManyRetries_IsAListThatACallTakes()
    {
        var delays = RetryDelays.Exponential(TimeSpan.FromDays(1), 1_000);

        delays.Count.ShouldBe(RunRetryPolicy.MaxDelays);
        delays[^1].TotalDays.ShouldBe(36_525);
    }

    [Theory]
    [InlineData(-1, 3)]
    [InlineData(1, -1)]
    public void Exponential_OfANegativeNumber_IsRefused(int seconds, int retries) =>
        Should.Throw<ArgumentOutOfRangeException>(() => RetryDelays.Exponential(TimeSpan.FromSeconds(seconds), retries));

    [Fact]
    public void RetryBackoffSeconds_OfATask_AreItsDelays()
    {
        TaskDefinition task = new(Method, new TaskAttribute { Retries = 3, RetryBackoffSeconds = 2.5 });

        task.Retry.DelaySeconds.ShouldBe([2.5, 5, 10]);
    }

    [Fact]
    public void RetryBackoffSeconds_WithJitter_StayWithinACentury()
    {
        TaskDefinition task = new(
            Method,
            new TaskAttribute
            {
                Retries = 60,
                RetryBackoffSeconds = 3600,
                RetryJitterFactor = 1,
            }
        );

        task.Retry.DelaySeconds.Count.ShouldBe(RunRetryPolicy.MaxDelays);
        task.Retry.DelaySeconds[^1].ShouldBe(3_155_760_000 / 2d);
    }

    [Theory]
    [InlineData(-1, "RetryBackoffSeconds is -1; it must be 0 (none) to a century")]
    [InlineData(double.NaN, "RetryBackoffSeconds is NaN")]
    [InlineData(4e9, "RetryBackoffSeconds is 4000000000")]
    public void RetryBackoffSeconds_OutOfRange_AreRefused(double seconds, string reason) =>
        Should
            .Throw<FlowRegistrationException>(() =>
                new TaskDefinition(Method, new TaskAttribute { Retries = 1, RetryBackoffSeconds = seconds })
            )
            .Message.ShouldContain(reason);

    [Fact]
    public void RetryBackoffSeconds_BesideAList_AreRefused() =>
        Should
            .Throw<FlowRegistrationException>(() =>
                new TaskDefinition(Method, new TaskAttribute { RetryBackoffSeconds = 1, RetryDelaySeconds = [1] })
            )
            .Message.ShouldContain("RetryBackoffSeconds and RetryDelaySeconds are both set; expected one of them");

    private static void Work() { }
}
