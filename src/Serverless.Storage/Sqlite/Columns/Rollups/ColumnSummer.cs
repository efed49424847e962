using System.Globalization;
using Serverless.Storage.Columns;

namespace Serverless.Storage.Sqlite;

/// <summary>
/// Answers one <see cref="ColumnSumQuery"/>: from kept sums where there are some, with statements for what they do not hold, and else by
/// one statement over all keys that match. To be called within one read transaction.
/// </summary>
/// <param name="query">The question.</param>
/// <param name="catalog">The tables that there are.</param>
/// <param name="run">Runs a statement and reads its rows.</param>
internal sealed class ColumnSummer(ColumnSumQuery query, TableCatalog catalog, Action<ColumnSql, Action<SqliteStatement>> run)
{
    private readonly Dictionary<SumKey, Sums> _sums = [];
    private readonly string _table = SqliteSchema.NameOf(query.Table);

    public IReadOnlyList<ColumnSum> Answer()
    {
        if (!catalog.Contains(_table))
        {
            return [];
        }

        if (RollupPlan.TryFor(query) is { } plan)
        {
            AddKept(plan);
            AddOthers(plan);
            TakeHidden(plan);
        }
        else
        {
            AddMatching(query.Where);
        }

        return
        [
            .. _sums
                .Where(sum => sum.Value.Count != 0)
                .Select(sum => new ColumnSum(sum.Key.Interval, sum.Key.Values, sum.Value.Count, sum.Value.Values)),
        ];
    }

    private void AddKept(RollupPlan plan)
    {
        foreach (var pieces in plan.Pieces().GroupBy(piece => piece.Level))
        {
            ColumnSql sql = new(catalog, SearchWay.InOrder);
            WriteRanges(sql, pieces);
            if (pieces.Key == 0)
            {
                // What of an interval fills no bucket: key by key, by the index of the time.
                var time = plan.Rollup.Time;
                var index = query.Table.IndexOf(time)!;
                _ = sql.Add($"SELECT p.i{Selected()}{Summed()} FROM p CROSS JOIN \"{_table}\" AS t0 ")
                    .Add($"INDEXED BY \"{SqliteSchema.NameOf(query.Table, index)}\" ")
                    .Add($"ON t0.\"{time.Name}\" >= p.lo AND t0.\"{time.Name}\" < p.hi")
                    .Where(query.Table, plan.Groups.And(new Criterion.In(plan.Rollup.Kind, [.. plan.Rollup.Kept])));
            }
            else
            {
                var sums = string.Concat(query.Sums.Select(sum => $", total(t0.\"{sum.Name}\")"));
                var none = string.Concat(query.Elapsed.Select(_ => ", 0.0"));
                _ = sql.Add($"SELECT p.i{Selected()}, sum(t0._count){sums}{none} FROM p CROSS JOIN ")
                    .Add($"\"{SqliteSchema.NameOf(query.Table, plan.Rollup)}\" AS t0 ON t0._level = {Number(pieces.Key)} ")
                    .Add("AND t0._bucket >= p.lo AND t0._bucket < p.hi")
                    .Where(query.Table, plan.Groups);
            }

            Add(sql, 1);
        }
    }

    private void AddOthers(RollupPlan plan)
    {
        List<object> kinds = [];
        foreach (var kind in plan.OtherKinds)
        {
            if (kind is null)
            {
                AddMatching(plan.Times.And(plan.Groups).And(new Criterion.IsNull(plan.Rollup.Kind)));
            }
            else
            {
                kinds.Add(kind);
            }
        }

        if (kinds.Count > 0)
        {
            // Of the kind only this: by a second list of kinds SQLite might look for all that are kept.
            var groups = Without(plan.Groups, plan.Rollup.Kind);
            var where = plan.Times.And(groups).And(new Criterion.In(plan.Rollup.Kind, kinds));
            if (plan.Rollup.Elapsed.Count > 0 && plan.Hidden is null)
            {
                var index = SqliteSchema.OthersOf(query.Table, plan.Rollup);
                AddMatching(where, $" INDEXED BY \"{index}\"", SqliteSchema.AreOthers(plan.Rollup));
            }
            else
            {
                AddMatching(where);
            }
        }
    }

    private void TakeHidden(RollupPlan plan)
    {
        if (plan.Hidden is not { } hidden || !catalog.Contains(SqliteSchema.NameOf(hidden.Other)))
        {
            return;
        }

        ColumnSql sql = new(catalog, SearchWay.InOrder);
        _ = sql.Add($"SELECT {Interval()}{Selected()}{Summed()} FROM \"{SqliteSchema.NameOf(hidden.Other)}\" AS h CROSS JOIN ")
            .Add($"\"{_table}\" AS t0 ON t0.\"{hidden.Column.Name}\" = h.key")
            .Where(query.Table, plan.Times.And(plan.Groups).And(InIntervals()));
        Add(sql, -1);
    }

    private void AddMatching(Criterion where, string from = "", string? and = null)
    {
        ColumnSql sql = new(catalog, SearchWay.ByIndex);
        _ = sql.Add($"SELECT {Interval()}{Selected()}{Summed()} FROM \"{_table}\" AS t0{from}")
            .Where(query.Table, where.And(InIntervals()));
        if (and is not null)
        {
            _ = sql.Add($" AND {and}");
        }

        Add(sql, 1);
    }

    /// <summary>A criterion without what it asks of a column alone, which is known to hold.</summary>
    private static Criterion Without(Criterion criterion, Column column) =>
        criterion switch
        {
            Criterion.All all => new Criterion.All([.. all.Criteria.Select(part => Without(part, column))]),
            Criterion.In values when values.Column == column => Criterion.Everything,
            Criterion.NotIn values when values.Column == column => Criterion.Everything,
            _ => criterion,
        };

    private void Add(ColumnSql sql, int sign)
    {
        var columns = query.By.Count + 1;
        if (columns > 1 || query.Intervals is not null)
        {
            _ = sql.Add($" GROUP BY {string.Join(", ", Enumerable.Range(1, columns))}");
        }

        run(
            sql,
            statement =>
            {
                SumKey key = new((int)statement.Int64(0), [.. query.By.Select((column, i) => statement.Read(i + 1, column.Type))]);
                if (!_sums.TryGetValue(key, out var sums))
                {
                    _sums.Add(key, sums = new Sums(new double[query.Sums.Count + query.Elapsed.Count]));
                }

                sums.Count += sign * statement.Int64(columns);
                for (var i = 0; i < sums.Values.Length; i++)
                {
                    sums.Values[i] += sign * statement.Double(columns + 1 + i);
                }
            }
        );
    }

    private static void WriteRanges(ColumnSql sql, IEnumerable<RollupPiece> pieces)
    {
        var ranges = pieces.Select(piece => $"({piece.Interval}, {Number(piece.From)}, {Number(piece.To)})");
        _ = sql.Add($"WITH p(i, lo, hi) AS (VALUES {string.Join(", ", ranges)}) ");
    }

    private string Interval() =>
        query.Intervals is { } intervals
            ? $"(t0.\"{intervals.Time.Name}\" - {Number(intervals.Start.UtcTicks)}) / {Number(intervals.Step.Ticks)}"
            : "0";

    private Criterion InIntervals() =>
        query.Intervals is not { } intervals ? Criterion.Everything
        : intervals.EndTicks > DateTimeOffset.MaxValue.UtcTicks ? new Criterion.AtLeast(intervals.Time, intervals.Start)
        : new Criterion.AtLeast(intervals.Time, intervals.Start).And(
            new Criterion.Below(intervals.Time, new DateTimeOffset(intervals.EndTicks, TimeSpan.Zero))
        );

    private string Selected() => string.Concat(query.By.Select(column => $", t0.\"{column.Name}\""));

    private string Summed() =>
        ", count(*)"
        + string.Concat(query.Sums.Select(sum => $", total(t0.\"{sum.Name}\")"))
        + string.Concat(
            query.Elapsed.Select(time =>
                $", total(max(0, {Number(query.Now.UtcTicks)} - t0.\"{time.Name}\")) / {TimeSpan.TicksPerMicrosecond}.0"
            )
        );

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class Sums(double[] values)
    {
        public long Count { get; set; }

        public double[] Values => values;
    }

    private readonly record struct SumKey(int Interval, object?[] Values)
    {
        public bool Equals(SumKey other) => Interval == other.Interval && Values.AsSpan().SequenceEqual(other.Values);

        public override int GetHashCode() => Values.Aggregate(Interval, HashCode.Combine);
    }
}
