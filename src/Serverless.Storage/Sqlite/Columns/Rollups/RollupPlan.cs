using Serverless.Storage.Columns;

namespace Serverless.Storage.Sqlite;

/// <summary>How kept sums answer a question: which of them, and what has to be counted besides.</summary>
internal sealed class RollupPlan
{
    private readonly ColumnSumQuery _query;
    private readonly List<Criterion> _groups = [];
    private readonly List<Criterion> _times = [];
    private long _from;
    private long _to = EndOfTime;

    private RollupPlan(ColumnSumQuery query, ColumnRollup rollup)
    {
        _query = query;
        Rollup = rollup;
    }

    private static long EndOfTime => DateTimeOffset.MaxValue.UtcTicks + 1;

    /// <summary>The sums.</summary>
    public ColumnRollup Rollup { get; }

    /// <summary>What is asked of the columns that the sums tell apart.</summary>
    public Criterion Groups => new Criterion.All(_groups);

    /// <summary>What is asked of the time.</summary>
    public Criterion Times => new Criterion.All(_times);

    /// <summary>The keys that refer to this do not count, though the sums have them; null for none.</summary>
    public Criterion.DoesNotRefer? Hidden { get; private set; }

    /// <summary>The kinds that the sums do not have, and that can match; null among them for no kind.</summary>
    public IEnumerable<object?> OtherKinds => Rollup.Others.Append(null).Where(kind => MayBe(Groups, Rollup.Kind, kind));

    /// <summary>The plan for a question; null when no sums answer it.</summary>
    public static RollupPlan? TryFor(ColumnSumQuery query)
    {
        foreach (var rollup in query.Table.Rollups)
        {
            RollupPlan plan = new(query, rollup);
            if (
                query.By.All(rollup.By.Contains)
                && query.Sums.All(rollup.Sums.Contains)
                && (query.Intervals is null || query.Intervals.Time == rollup.Time)
                && plan.Take(query.Where)
            )
            {
                return plan;
            }
        }

        return null;
    }

    /// <summary>The parts of the intervals that are asked for, by what answers them.</summary>
    public List<RollupPiece> Pieces()
    {
        List<RollupPiece> pieces = [];
        if (_query.Intervals is { } intervals)
        {
            for (var i = 0; i < intervals.Count; i++)
            {
                RollupPiece.Divide(i, Math.Max(_from, intervals.TicksOf(i)), Math.Min(_to, intervals.TicksOf(i + 1)), pieces);
            }
        }
        else if (_times.Count > 0)
        {
            RollupPiece.Divide(0, _from, _to, pieces);
        }
        else
        {
            pieces.Add(new(RollupLevel.All[0], 0, RollupLevel.Timeless, EndOfTime));
        }

        return pieces;
    }

    /// <summary>False when a criterion on columns can match nothing that has this value in a column.</summary>
    private static bool MayBe(Criterion criterion, Column column, object? value) =>
        criterion switch
        {
            Criterion.All all => all.Criteria.All(part => MayBe(part, column, value)),
            Criterion.Any any => any.Criteria.Any(part => MayBe(part, column, value)),
            Criterion.In values when values.Column == column => value is not null && values.Values.Contains(value),
            Criterion.NotIn values when values.Column == column => value is not null && !values.Values.Contains(value),
            _ => true,
        };

    private bool Take(Criterion criterion)
    {
        switch (criterion)
        {
            case Criterion.All all:
                return all.Criteria.All(Take);
            case Criterion.AtLeast { Value: DateTimeOffset time } least when least.Column == Rollup.Time:
                return TakeTime(criterion, time.UtcTicks, EndOfTime);
            case Criterion.Above { Value: DateTimeOffset time } above when above.Column == Rollup.Time:
                return TakeTime(criterion, time.UtcTicks + 1, EndOfTime);
            case Criterion.AtMost { Value: DateTimeOffset time } most when most.Column == Rollup.Time:
                return TakeTime(criterion, 0, time.UtcTicks + 1);
            case Criterion.Below { Value: DateTimeOffset time } below when below.Column == Rollup.Time:
                return TakeTime(criterion, 0, time.UtcTicks);
            case Criterion.DoesNotRefer hidden when Hidden is null:
                Hidden = hidden;
                return true;
            default:
                _groups.Add(criterion);
                return IsOfGroups(criterion);
        }
    }

    private bool TakeTime(Criterion criterion, long from, long to)
    {
        _times.Add(criterion);
        (_from, _to) = (Math.Max(_from, from), Math.Min(_to, to));
        return true;
    }

    private bool IsOfGroups(Criterion criterion) =>
        criterion switch
        {
            Criterion.All all => all.Criteria.All(IsOfGroups),
            Criterion.Any any => any.Criteria.All(IsOfGroups),
            Criterion.In values => Rollup.By.Contains(values.Column),
            Criterion.NotIn values => Rollup.By.Contains(values.Column),
            _ => false,
        };
}
