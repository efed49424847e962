namespace Serverless.Functions.Tests.Fixtures;

/// <summary>Comparison of times that the gate may have moved by microseconds: the states of a run have different times.</summary>
internal static class Moments
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMicroseconds(500);

    public static void ShouldBeAt(this DateTimeOffset? actual, DateTimeOffset? expected) =>
        actual.ShouldNotBeNull().ShouldBe(expected.ShouldNotBeNull(), Tolerance);

    public static void ShouldBeAbout(this TimeSpan actual, TimeSpan expected) => actual.ShouldBe(expected, Tolerance);

    public static bool IsAt(this DateTimeOffset? actual, DateTimeOffset? expected) => (actual - expected)?.Duration() < Tolerance;
}
