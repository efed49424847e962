namespace Serverless.Storage.Sqlite;

/// <summary>The lengths of time by which sums are kept. A bucket is one such length, named by the ticks of its start.</summary>
internal static class RollupLevel
{
    /// <summary>The bucket, at every level, of a key without a time.</summary>
    public const long Timeless = -1;

    /// <summary>From the longest to the shortest; each is a multiple of the next.</summary>
    public static readonly long[] All = [TimeSpan.TicksPerHour, TimeSpan.TicksPerMinute];

    /// <summary>The bucket of a time.</summary>
    public static long BucketOf(object? time, long level) =>
        time is DateTimeOffset held ? held.UtcTicks - (held.UtcTicks % level) : Timeless;
}
