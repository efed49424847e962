namespace Serverless.Functions.Tests.Fixtures;

/// <summary>Comparison of times that the gate may have moved by microseconds: the states of a run have different times.</summary>
internal static class Moments
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMicroseconds(500);

    public static void ShouldBeAt(this DateTimeOffset? actual, DateTimeOffset? expected) =>
        actual.ShouldNotBeNull().ShouldBe(expected.ShouldNotBeNull(), Tolerance);

    /// <summary>
    /// What follows a timer may also be late by the wait of one that is due next, such as the writer of logs. On a busy machine the clock
    /// is moved on before the code that the first one woke has reached the store.
    /// </summary>
    public static void ShouldBeAbout(this TimeSpan actual, TimeSpan expected) =>
        actual.ShouldBeInRange(expected - Tolerance, expected + TimeSpan.FromMilliseconds(250));

    public static bool IsAt(this DateTimeOffset? actual, DateTimeOffset? expected) => (actual - expected)?.Duration() < Tolerance;
}
