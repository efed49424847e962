using Serverless.Core.States;
using Serverless.Server.Queries;
using Serverless.Storage.Columns;

namespace Serverless.Server.Runs;

/// <summary>The columns of what histories add up of flow runs and task runs, in microseconds.</summary>
internal sealed class RunFigureColumns
{
    /// <summary>The longest time that a column holds, about 30 years: sums of many stay exact.</summary>
    private const double Longest = 1e15;

    private const double Microseconds = 1_000_000;

    /// <summary>Adds the columns to a table.</summary>
    public RunFigureColumns(ColumnTable table)
    {
        RunTime = table.Add("run_time", ColumnType.Number);
        Sums = [RunTime, table.Add("lateness", ColumnType.Number)];
        Elapsed = [table.Add("running_since", ColumnType.Time), table.Add("awaited_since", ColumnType.Time)];
    }

    /// <summary>How long a run ran in states that are over; null for not at all.</summary>
    public Column RunTime { get; }

    /// <summary>How long runs ran in states that are over, and how late they started.</summary>
    public IReadOnlyList<Column> Sums { get; }

    /// <summary>Since when runs run, and since when they should have started. Null in those that have ended.</summary>
    public IReadOnlyList<Column> Elapsed { get; }

    /// <summary>The sums of the runs that have ended.</summary>
    public static ColumnRollup Ended(Column time, Column stateType, IReadOnlyList<Column> by, IReadOnlyList<Column> sums)
    {
        var types = Enum.GetValues<StateType>().ToLookup(type => type.IsFinal(), FilterCriteria.Value);
        return new(time, by, sums, stateType, [.. types[true]], [.. types[false]]);
    }

    /// <summary>What the columns hold.</summary>
    public static IReadOnlyList<object?> Values(double totalRunTime, State? state, DateTimeOffset? start, DateTimeOffset? expected) =>
        [
            Whole(totalRunTime),
            start > expected ? Whole((start.Value - expected.Value).TotalSeconds) : null,
            state is { Type: StateType.Running } ? state.Timestamp : null,
            start is null && state?.Type.IsFinal() != true ? expected : null,
        ];

    /// <summary>The seconds that runs ran and were late.</summary>
    public static (double RunTime, double Lateness) Seconds(ColumnSum sum) =>
        ((sum.Sums[0] + sum.Sums[2]) / Microseconds, (sum.Sums[1] + sum.Sums[3]) / Microseconds);

    /// <summary>The seconds that a value of <see cref="RunTime"/> stands for.</summary>
    public static double Seconds(object? value) => (value as long? ?? 0) / Microseconds;

    private static long? Whole(double seconds) => seconds > 0 ? (long)Math.Min(Math.Round(seconds * Microseconds), Longest) : null;
}
