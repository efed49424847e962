namespace Serverless.Storage.Columns;

/// <summary>Intervals of one length, one after the other. An interval contains its start, and not its end.</summary>
/// <param name="Time">The time that says in which interval a key is.</param>
/// <param name="Start">Where the first begins.</param>
/// <param name="Step">How long each is; more than zero.</param>
/// <param name="Count">How many there are.</param>
public sealed record ColumnIntervals(Column Time, DateTimeOffset Start, TimeSpan Step, int Count)
{
    /// <summary>Where the last ends, in ticks; not beyond the end of all times.</summary>
    public long EndTicks => TicksOf(Count);

    /// <summary>Where an interval begins, in ticks; not beyond the end of all times.</summary>
    public long TicksOf(int interval) =>
        (long)Int128.Min(Start.UtcTicks + ((Int128)Step.Ticks * interval), (Int128)DateTimeOffset.MaxValue.UtcTicks + 1);
}
