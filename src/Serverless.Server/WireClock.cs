namespace Serverless.Server;

/// <summary>The time as the wire knows it: in microseconds.</summary>
internal static class WireClock
{
    public static DateTimeOffset Now(TimeProvider time)
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
