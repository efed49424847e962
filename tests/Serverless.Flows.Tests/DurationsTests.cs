using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests;

/// <summary>Times beyond the calendar are refused in words of ours.</summary>
public sealed class DurationsTests
{
    private readonly TestFlow flow = new();

    [Fact]
    public async Task SleepAsync_ForEver_SaysWhatItTakes() =>
        (await Should.ThrowAsync<ArgumentOutOfRangeException>(() => flow.Context.SleepAsync(TimeSpan.MaxValue))).Message.ShouldStartWith(
            "SleepAsync must be at most a century (3155760000 seconds), not 10675199.02:48:05"
        );

    [Fact]
    public async Task PauseAsync_ForEver_SaysWhatItTakes() =>
        (await Should.ThrowAsync<ArgumentOutOfRangeException>(() => flow.Context.PauseAsync(TimeSpan.MaxValue))).Message.ShouldStartWith(
            "A pause must be at most a century"
        );

    [Theory]
    [InlineData(1e9)]
    [InlineData(-1)]
    public async Task RunAsync_TimeoutBeyondTheTimers_SaysWhatItTakes(double seconds) =>
        (
            await Should.ThrowAsync<FlowRegistrationException>(() =>
                flow.Context.RunAsync(() => Steps.Pair(1, "a"), new CallOptions { Timeout = TimeSpan.FromSeconds(seconds) })
            )
        ).Message.ShouldEndWith("it must be positive and at most 2147483 seconds.");
}
