using Serverless.Storage.Columns;
using Serverless.Storage.Sqlite;

namespace Serverless.Storage.Tests.Sqlite;

/// <summary>Counts and sums over columns, with and without sums that are kept, against the same in memory.</summary>
public sealed class ColumnSumsTests : IDisposable
{
    private static readonly ColumnTable Jobs = new("jobs", static (key, _) => Address(key));
    private static readonly Column Kind = Jobs.Add("kind", ColumnType.Number);
    private static readonly Column Name = Jobs.Add("name", ColumnType.Text);
    private static readonly Column Time = Jobs.Add("time", ColumnType.Time);
    private static readonly Column Since = Jobs.Add("since", ColumnType.Time);
    private static readonly Column Size = Jobs.Add("size", ColumnType.Number);
    private static readonly Column Owner = Jobs.Add("owner", ColumnType.Id);
    private static readonly ColumnTable Gone = new("goneowners", static (key, _) => Address(key));
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Names = ["", "done", "it's", "ä"];
    private static readonly Guid[] Owners = [.. Enumerable.Range(0, 4).Select(_ => Guid.NewGuid())];

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<Guid, ColumnValues> _jobs = [];
    private readonly HashSet<Guid> _gone = [];

    static ColumnSumsTests()
    {
        Jobs.AddIndex(Time);
        Jobs.AddIndex(Kind, Time);
        Jobs.AddRollup(new(Time, [Kind, Name], [Size], Kind, [3L, 4L], [1L, 2L]) { Elapsed = [Since] });
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Any changes, several of a key in one group too, then any questions; also after the store was opened again.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task AnyChangesAndQuestions_AgreeWithMemory(int seed)
    {
        Random random = new(seed);
        await using (var store = Open())
        {
            for (var round = 0; round < 60; round++)
            {
                List<Task> commits = [];
                for (var count = random.Next(1, 20); count > 0; count--)
                {
                    commits.Add(ChangeAsync(store, random));
                }

                await Task.WhenAll(commits);
            }

            await ShouldAgreeAsync(store, random);
        }

        await using var reopened = Open();
        await ShouldAgreeAsync(reopened, random);
    }

    [Fact]
    public async Task Sum_EverythingIsDeleted_NothingIsKept()
    {
        await using var store = Open();
        Random random = new(7);
        List<Guid> keys = [.. Enumerable.Range(0, 50).Select(_ => Guid.NewGuid())];
        foreach (var key in keys)
        {
            await store.CommitAsync(Write(key, null, Values(random, null)));
        }

        // Nobody says what they held.
        await Task.WhenAll(keys.Select(key => store.CommitAsync(Write(key, null, null)).AsTask()));

        (await store.Columns.CountAsync(Jobs, Criterion.Everything)).ShouldBe(0);
        (await store.Columns.SumAsync(new(Jobs, Criterion.Everything, [Kind]) { Sums = [Size] })).ShouldBeEmpty();
        using var connection = SqliteConnection.Open(_folder.Database, readOnly: true);
        connection.ReadInt64("SELECT count(*) FROM _jobs_sums_by_time").ShouldBe(0);
    }

    [Fact]
    public async Task Sum_InConflict_KeepsNothing()
    {
        await using var store = Open();
        var key = Guid.NewGuid();
        ColumnValues values = new([3L, "done", Start, null, 5L, null], []);
        await store.CommitAsync(Write(key, null, values));

        (await store.CommitAsync(Write(key, null, values))).Succeeded.ShouldBeFalse();

        var sum = (await store.Columns.SumAsync(new(Jobs, Criterion.Everything, []) { Sums = [Size] })).ShouldHaveSingleItem();
        (sum.Count, sum.Sums[0]).ShouldBe((1, 5));
    }

    [Fact]
    public async Task Sum_KeyIsWrittenAgainAsIfNew_CountsOnce()
    {
        await using var store = Open();
        var key = Guid.NewGuid();
        ColumnChange change = new(Jobs, key, null, new([3L, "done", Start, null, 5L, null], ["a"]));
        await store.CommitAsync(new RowCommit().Add(RowOperation.Upsert(Address(key), [])).AddColumns(change));

        var again = change with { After = new([3L, "done", Start, null, 8L, null], ["b"]) };
        await store.CommitAsync(new RowCommit().Add(RowOperation.Upsert(Address(key), [])).AddColumns(again));

        var sum = (await store.Columns.SumAsync(new(Jobs, Criterion.Everything, []) { Sums = [Size] })).ShouldHaveSingleItem();
        (sum.Count, sum.Sums[0]).ShouldBe((1, 8));
        (await store.Columns.CountAsync(Jobs, new Criterion.HasLabel("a"))).ShouldBe(0);
    }

    [Fact]
    public async Task Sum_UntilTheEndOfAllTimes_CountsWhatIsThere()
    {
        await using var store = Open();
        await store.CommitAsync(Write(Guid.NewGuid(), null, new([3L, "done", DateTimeOffset.MaxValue, null, 5L, null], [])));
        ColumnSumQuery query = new(Jobs, new Criterion.AtMost(Time, DateTimeOffset.MaxValue), [])
        {
            Intervals = new ColumnIntervals(Time, Start, TimeSpan.MaxValue / 2, 500),
        };

        (await store.Columns.SumAsync(query)).Sum(sum => sum.Count).ShouldBe(1);
    }

    private static RowAddress Address(Guid key) => new("rows", key.ToString("N"), "row");

    private static RowCommit Write(Guid key, ColumnValues? before, ColumnValues? after) =>
        new RowCommit()
            .Add(
                after is null ? RowOperation.Delete(Address(key))
                : before is null ? RowOperation.Insert(Address(key), [])
                : RowOperation.Upsert(Address(key), [])
            )
            .AddColumns(new ColumnChange(Jobs, key, before, after));

    private static ColumnValues Values(Random random, ColumnValues? before)
    {
        var kind = random.Next(6) is 0 ? (long?)null : random.Next(1, 5);
        var isKept = kind > 2;

        // Times around the borders of hours and minutes, and anywhere in two days.
        DateTimeOffset? time = random.Next(8) switch
        {
            0 => null,
            1 => Start.AddHours(random.Next(48)),
            2 => Start.AddHours(random.Next(48)).AddTicks(-1),
            3 => Start.AddMinutes(random.Next(2880)),
            4 => before?.Values[Time.Position] as DateTimeOffset?,
            _ => Start.AddSeconds(random.Next(2 * 86400)).AddTicks(random.Next(10_000_000)),
        };
        return new ColumnValues(
            [
                kind,
                Names[random.Next(Names.Length)],
                time,
                isKept || random.Next(2) == 0 ? null : Start.AddSeconds(random.Next(2 * 86400)),
                random.Next(3) == 0 ? null : (long)random.Next(-5, 1000),
                random.Next(3) == 0 ? null : Owners[random.Next(Owners.Length)],
            ],
            []
        );
    }

    private SqliteRowStore Open() => SqliteRowStore.Open(new() { Path = _folder.Database, Durability = SqliteDurability.Normal });

    private Task<CommitResult> ChangeAsync(SqliteRowStore store, Random random)
    {
        if (random.Next(40) == 0)
        {
            var owner = Owners[random.Next(Owners.Length)];
            var isGone = _gone.Add(owner) || !_gone.Remove(owner);
            ColumnChange hide = new(Gone, owner, null, isGone ? new([], []) : null);
            return store.CommitAsync(new RowCommit().Add(RowOperation.Upsert(Address(owner), [])).AddColumns(hide)).AsTask();
        }

        var key = _jobs.Count == 0 || random.Next(3) == 0 ? Guid.NewGuid() : _jobs.Keys.ElementAt(random.Next(_jobs.Count));
        var before = _jobs.GetValueOrDefault(key);
        var after = before is not null && random.Next(4) == 0 ? null : Values(random, before);
        _ = after is null ? _jobs.Remove(key) : (_jobs[key] = after) is null;
        return store.CommitAsync(Write(key, before, after)).AsTask();
    }

    private async Task ShouldAgreeAsync(SqliteRowStore store, Random random)
    {
        for (var question = 0; question < 300; question++)
        {
            var query = AnyQuery(random);
            var expected = Expected(query);
            var answer = await store.Columns.SumAsync(query);
            answer
                .Select(sum =>
                    (sum.Interval, string.Join('|', sum.Values), sum.Count, string.Join('|', sum.Sums.Select(value => Math.Round(value))))
                )
                .ShouldBe(expected, ignoreOrder: true, $"{query} {string.Join(", ", Parts(query.Where))}");
            if (query.Intervals is null)
            {
                (await store.Columns.CountAsync(Jobs, query.Where)).ShouldBe(expected.Sum(sum => sum.Count));
            }
        }
    }

    private static ColumnSumQuery AnyQuery(Random random)
    {
        List<Criterion> where = [];
        if (random.Next(2) == 0)
        {
            where.Add(
                random.Next(3) switch
                {
                    0 => new Criterion.In(Kind, [.. Kinds(random)]),
                    1 => new Criterion.NotIn(Kind, [.. Kinds(random)]),
                    _ => new Criterion.Any([new Criterion.In(Kind, [.. Kinds(random)]), new Criterion.In(Name, ["done"])]),
                }
            );
        }

        var time = Start.AddSeconds(random.Next(2 * 86400));
        if (random.Next(3) == 0)
        {
            where.Add(random.Next(2) == 0 ? new Criterion.AtLeast(Time, time) : new Criterion.Above(Time, time));
        }

        if (random.Next(3) == 0)
        {
            where.Add(random.Next(2) == 0 ? new Criterion.AtMost(Time, time.AddHours(3)) : new Criterion.Below(Time, time.AddHours(3)));
        }

        if (random.Next(5) == 0)
        {
            // No kept sums answer this.
            where.Add(new Criterion.AtLeast(Size, 100L));
        }

        if (random.Next(3) == 0)
        {
            where.Add(new Criterion.DoesNotRefer(Owner, Gone));
        }

        var step = TimeSpan.FromSeconds(Math.Pow(10, random.NextDouble() * 6) + 1);
        return new ColumnSumQuery(
            Jobs,
            new Criterion.All(where),
            random.Next(3) switch
            {
                0 => [],
                1 => [Kind],
                _ => [Name, Kind],
            }
        )
        {
            Sums = random.Next(2) == 0 ? [Size] : [],
            Elapsed = random.Next(2) == 0 ? [Since] : [],
            Now = Start.AddDays(1),
            Intervals = random.Next(3) == 0 ? null : new ColumnIntervals(Time, time.AddHours(-20), step, random.Next(1, 60)),
        };
    }

    private static IEnumerable<object> Kinds(Random random) =>
        Enumerable.Range(1, 4).Where(_ => random.Next(2) == 0).Select(kind => (object)(long)kind);

    private static IEnumerable<Criterion> Parts(Criterion criterion) => criterion is Criterion.All all ? all.Criteria : [criterion];

    private List<(int Interval, string Values, long Count, string Sums)> Expected(ColumnSumQuery query) =>
        [
            .. from values in _jobs.Values
            where Holds(query.Where, values)
            let interval = IntervalOf(query.Intervals, values)
            where interval >= 0
            group values by (interval, By: string.Join('|', query.By.Select(column => values.Values[column.Position]))) into same
            select (
                same.Key.interval,
                same.Key.By,
                (long)same.Count(),
                string.Join(
                    '|',
                    query
                        .Sums.Select(sum => (double)same.Sum(values => values.Values[sum.Position] as long? ?? 0))
                        .Concat(
                            query.Elapsed.Select(time => Math.Round(same.Sum(values => Elapsed(values.Values[time.Position], query.Now))))
                        )
                )
            ),
        ];

    private static double Elapsed(object? since, DateTimeOffset now) =>
        since is DateTimeOffset time && time < now ? (now - time).TotalMicroseconds : 0;

    private static int IntervalOf(ColumnIntervals? intervals, ColumnValues values)
    {
        if (intervals is null)
        {
            return 0;
        }

        return values.Values[Time.Position] is DateTimeOffset time && time >= intervals.Start && time.UtcTicks < intervals.EndTicks
            ? (int)((time - intervals.Start).Ticks / intervals.Step.Ticks)
            : -1;
    }

    private bool Holds(Criterion criterion, ColumnValues values)
    {
        object? Of(Column column) => values.Values[column.Position];
        int? Order(Column column, object value) => Of(column) is IComparable held ? held.CompareTo(value) : null;
        return criterion switch
        {
            Criterion.All all => all.Criteria.All(part => Holds(part, values)),
            Criterion.Any any => any.Criteria.Any(part => Holds(part, values)),
            Criterion.In list => Of(list.Column) is { } held && list.Values.Contains(held),
            Criterion.NotIn list => Of(list.Column) is { } held && !list.Values.Contains(held),
            Criterion.AtLeast least => Order(least.Column, least.Value) >= 0,
            Criterion.Above above => Order(above.Column, above.Value) > 0,
            Criterion.AtMost most => Order(most.Column, most.Value) <= 0,
            Criterion.Below below => Order(below.Column, below.Value) < 0,
            Criterion.DoesNotRefer => Of(Owner) is not Guid owner || !_gone.Contains(owner),
            _ => throw new InvalidOperationException(criterion.ToString()),
        };
    }
}
