using Serverless.Storage.Columns;
using Serverless.Storage.Sqlite;

namespace Serverless.Storage.Tests.Sqlite;

public sealed class SqliteColumnStoreTests : IDisposable
{
    private static readonly ColumnTable Things = new("things", static (key, _) => Address(key)) { IsSmall = true };
    private static readonly Column Name = Things.Add("name", ColumnType.Text);
    private static readonly Column Size = Things.Add("size", ColumnType.Number);
    private static readonly Column Time = Things.Add("time", ColumnType.Time);
    private static readonly Column Other = Things.Add("other", ColumnType.Id);
    private static readonly Column[] All = [Name, Size, Time, Other];
    private static readonly string[] Names = ["", "a", "B", "b", "ä", "x'y", "line\nend", "back\\slash", "\uFF5E", "😀", "äB", "\0b"];
    private static readonly string[] Labels = ["red", "a\nb", "a\\nb", "\\", "it's", "\n"];

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<Guid, ColumnValues> _things = [];

    static SqliteColumnStoreTests()
    {
        Things.AddIndex(Name);
        Things.AddIndex(Size);
        Things.AddIndex(Time, Size);
        Things.AddSparseIndex(Other);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Any changes, several of a key in one group too, then any questions: the same answers as without a store.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AnyChangesAndQueries_AgreeWithMemory(int seed)
    {
        Random random = new(seed);
        await using (var store = Open())
        {
            for (var round = 0; round < 40; round++)
            {
                List<Task> commits = [];
                for (var count = random.Next(1, 12); count > 0; count--)
                {
                    commits.Add(Change(store, random));
                }

                await Task.WhenAll(commits);
            }

            await ShouldAgreeAsync(store, random);
        }

        await using var reopened = Open();
        await ShouldAgreeAsync(reopened, random);
    }

    [Fact]
    public async Task Commit_InConflict_ChangesNoColumns()
    {
        await using var store = Open();
        var key = Guid.CreateVersion7();
        ColumnValues first = new(["a", 1L, null, null], []);
        await store.CommitAsync(Write(key, null, first));

        var second = Write(key, null, new ColumnValues(["b", 2L, null, null], ["red"]));
        (await store.CommitAsync(second)).Succeeded.ShouldBeFalse();

        (await store.Columns.CountAsync(Things, new Criterion.In(Name, ["a"]))).ShouldBe(1);
        (await store.Columns.CountAsync(Things, new Criterion.HasLabel("red"))).ShouldBe(0);
    }

    [Fact]
    public async Task Read_RowIsMissing_SaysSo()
    {
        await using var store = Open();
        var key = Guid.CreateVersion7();
        await store.CommitAsync(Write(key, null, new ColumnValues(["a", 1L, null, null], [])));
        await store.CommitAsync(new RowCommit().Add(RowOperation.Delete(Address(key))));

        List<ColumnHit> hits = [];
        var found = await store.Columns.ReadAsync(
            new(Things, Criterion.Everything, new(Name, Descending: false), 0, 10),
            hit => Add(hits, hit)
        );

        found.ShouldBe(1);
        hits.ShouldHaveSingleItem().ShouldBe(new ColumnHit(key, "a", null));
    }

    [Fact]
    public async Task Read_CallerThrows_TheConnectionServesOthers()
    {
        await using var store = SqliteRowStore.Open(new() { Path = _folder.Database, MaxReaders = 1 });
        await store.CommitAsync(Write(Guid.CreateVersion7(), null, new ColumnValues(["a", 1L, null, null], [])));
        ColumnQuery query = new(Things, Criterion.Everything, new(null, Descending: true), 0, 10);

        await Should.ThrowAsync<InvalidOperationException>(async () =>
            await store.Columns.ReadAsync(query, _ => throw new InvalidOperationException())
        );

        (await store.Columns.CountAsync(Things, Criterion.Everything)).ShouldBe(1);
        await store.CommitAsync(Write(Guid.CreateVersion7(), null, new ColumnValues(["b", 1L, null, null], [])));
        (await store.Columns.CountAsync(Things, Criterion.Everything)).ShouldBe(2);
    }

    [Fact]
    public async Task Read_CallerHasEnough_ReadsNoMore()
    {
        await using var store = Open();
        for (var index = 0; index < 3; index++)
        {
            await store.CommitAsync(Write(Guid.CreateVersion7(), null, new ColumnValues(["a", 1L, null, null], [])));
        }

        var taken = 0;
        var found = await store.Columns.ReadAsync(new(Things, Criterion.Everything, new(null, Descending: true), 0, 10), _ => ++taken < 2);

        (found, taken).ShouldBe((2, 2));
    }

    [Fact]
    public async Task Find_MoreValuesThanAStatementTakes_FindsThem()
    {
        await using var store = Open();
        var key = Guid.CreateVersion7();
        await store.CommitAsync(Write(key, null, new ColumnValues(["it's", 7L, null, key], [])));
        List<Guid> keys = [.. Enumerable.Range(0, 40_000).Select(_ => Guid.NewGuid()), key];
        List<object> names = [.. Enumerable.Range(0, 40_000).Select(index => (object)$"'{index}"), "it's"];

        (await store.Columns.CountAsync(Things, new Criterion.KeyIn(keys))).ShouldBe(1);
        (await store.Columns.CountAsync(Things, new Criterion.KeyIn(keys).And(new Criterion.In(Name, names)))).ShouldBe(1);
        (await store.Columns.CountAsync(Things, new Criterion.NotIn(Name, names))).ShouldBe(0);
    }

    [Fact]
    public async Task AnyQuery_NothingWasEverWritten_FindsNothing()
    {
        await using var store = Open();
        ColumnTable none = new("none", static (key, _) => Address(key));
        var id = none.Add("thing", ColumnType.Id);

        (await store.Columns.CountAsync(none, Criterion.Everything)).ShouldBe(0);
        (await store.Columns.SumAsync(new(none, Criterion.Everything, [id]))).ShouldBeEmpty();

        await store.CommitAsync(Write(Guid.CreateVersion7(), null, new ColumnValues(["a", 1L, null, null], [])));
        (await store.Columns.CountAsync(Things, new Criterion.Refers(Other, none, Criterion.Everything))).ShouldBe(0);
        (await store.Columns.CountAsync(Things, new Criterion.IsReferredTo(none, id, Criterion.Everything))).ShouldBe(0);
        (await store.Columns.CountAsync(Things, new Criterion.IsReferredTo(none, id, Criterion.Everything, false))).ShouldBe(1);
    }

    [Fact]
    public async Task Cancelled_EndsTheSearch()
    {
        await using var store = Open();
        for (var index = 0; index < 20; index++)
        {
            RowCommit commit = new();
            for (var more = 0; more < 90; more++)
            {
                var key = Guid.CreateVersion7();
                commit.Add(RowOperation.Insert(new RowAddress("rows", "cancelled", key.ToString("N")), []));
                commit.AddColumns(new ColumnChange(Things, key, null, new ColumnValues(["a", 1L, null, null], [])));
            }

            await store.CommitAsync(commit);
        }

        using CancellationTokenSource source = new();
        Criterion cancels = new Criterion.TextMatches(
            Name,
            _ =>
            {
                source.Cancel();
                return false;
            }
        );

        await Should.ThrowAsync<OperationCanceledException>(async () => await store.Columns.CountAsync(Things, cancels, source.Token));
        (await store.Columns.CountAsync(Things, Criterion.Everything)).ShouldBe(1800);
    }

    private static bool Add(List<ColumnHit> hits, ColumnHit hit)
    {
        hits.Add(hit);
        return true;
    }

    private static RowAddress Address(Guid key) => new("rows", key.ToString("N"), "row");

    private static RowCommit Write(Guid key, ColumnValues? before, ColumnValues? after)
    {
        RowCommit commit = new();
        commit.Add(
            after is null ? RowOperation.Delete(Address(key))
            : before is null ? RowOperation.Insert(Address(key), new RowProperties { { "n", after.Values[0] } })
            : RowOperation.Upsert(Address(key), new RowProperties { { "n", after.Values[0] } })
        );
        return commit.AddColumns(new ColumnChange(Things, key, before, after));
    }

    private SqliteRowStore Open() => SqliteRowStore.Open(new() { Path = _folder.Database, Durability = SqliteDurability.Normal });

    private Task<CommitResult> Change(SqliteRowStore store, Random random)
    {
        var key = _things.Count == 0 || random.Next(3) == 0 ? Guid.NewGuid() : _things.Keys.ElementAt(random.Next(_things.Count));
        var before = _things.GetValueOrDefault(key);
        var after = before is not null && random.Next(4) == 0 ? null : Values(random, before);
        _ = after is null ? _things.Remove(key) : (_things[key] = after) is null;
        return store.CommitAsync(Write(key, before, after)).AsTask();
    }

    private ColumnValues Values(Random random, ColumnValues? before)
    {
        object?[] values = before is null ? [null, null, null, null] : [.. before.Values];
        foreach (var column in All)
        {
            if (before is null || random.Next(2) == 0)
            {
                values[column.Position] = random.Next(4) == 0 ? null : Value(random, column);
            }
        }

        var labels = before is null || random.Next(2) == 0 ? [.. Labels.Where(_ => random.Next(3) == 0)] : before.Labels;
        return new ColumnValues(values, labels);
    }

    private object Value(Random random, Column column) =>
        column.Type switch
        {
            ColumnType.Text => Names[random.Next(Names.Length)],
            ColumnType.Number => (long)random.Next(-3, 4),
            ColumnType.Time => DateTimeOffset.UnixEpoch.AddTicks(random.Next(5)),
            _ => _things.Count == 0 ? Guid.Empty : _things.Keys.ElementAt(random.Next(_things.Count)),
        };

    private Criterion Any(Random random, int depth)
    {
        var column = All[random.Next(All.Length)];
        object[] Some() => [.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, column))];
        return random.Next(depth > 0 ? 17 : 13) switch
        {
            0 => new Criterion.IsNull(column, random.Next(2) == 0),
            1 => new Criterion.In(column, Some()),
            2 => new Criterion.NotIn(column, Some()),
            3 => new Criterion.AtLeast(column, Value(random, column)),
            4 => new Criterion.AtMost(column, Value(random, column)),
            5 => new Criterion.Above(column, Value(random, column)),
            6 => new Criterion.Below(column, Value(random, column)),
            7 => new Criterion.KeyIn([.. _things.Keys.Where(_ => random.Next(2) == 0)]),
            8 => new Criterion.KeyNotIn([.. _things.Keys.Where(_ => random.Next(2) == 0)]),
            9 => new Criterion.HasLabel(Labels[random.Next(Labels.Length)]),
            10 => new Criterion.HasLabels(random.Next(2) == 0),
            11 => new Criterion.TextMatches(
                Name,
                static text => text.Contains('b', StringComparison.OrdinalIgnoreCase),
                random.Next(2) == 0 ? "B" : null
            ),
            12 => new Criterion.KeyBefore(Guid.NewGuid()),
            13 => new Criterion.All([.. Enumerable.Range(0, random.Next(4)).Select(_ => Any(random, depth - 1))]),
            14 => new Criterion.Any([.. Enumerable.Range(0, random.Next(4)).Select(_ => Any(random, depth - 1))]),
            15 => new Criterion.Refers(Other, Things, Any(random, depth - 1)),
            _ => new Criterion.IsReferredTo(Things, Other, Any(random, depth - 1), random.Next(2) == 0),
        };
    }

    private async Task ShouldAgreeAsync(SqliteRowStore store, Random random)
    {
        for (var question = 0; question < 150; question++)
        {
            var where = Any(random, 3);
            ColumnOrder order = new(random.Next(5) == 0 ? null : All[random.Next(All.Length)], random.Next(2) == 0);
            List<Guid> expected = [.. _things.Keys.Where(key => Holds(where, key)).Order(Comparer(order))];
            var (offset, limit) = (random.Next(5), random.Next(1, 30));
            List<ColumnHit> hits = [];
            await store.Columns.ReadAsync(new(Things, where, order, offset, limit), hit => Add(hits, hit));

            hits.Select(hit => hit.Key).ShouldBe(expected.Skip(offset).Take(limit), $"{where} {order}");
            hits.ShouldAllBe(hit => hit.Row != null && Equals(hit.Row.Properties.Get<string>("n"), _things[hit.Key].Values[0]));
            (await store.Columns.CountAsync(Things, where)).ShouldBe(expected.Count, $"{where}");
            var groups = await store.Columns.SumAsync(new(Things, where, [Size]));
            groups
                .Select(group => (group.Values[0], group.Count))
                .ShouldBe(
                    expected.GroupBy(key => _things[key].Values[Size.Position]).Select(group => (group.Key, (long)group.Count())),
                    ignoreOrder: true
                );
            if (hits is [var first, ..] && (order.Column is null || first.Place is not null))
            {
                var rest = expected.Skip(expected.IndexOf(first.Key) + 1).Where(key => Comparer(order).Compare(first.Key, key) < 0);
                (await store.Columns.CountAsync(Things, where.And(order.After(first)))).ShouldBe(
                    rest.Count(key => order.Column is null || _things[key].Values[order.Column.Position] is not null)
                );
            }
        }
    }

    private Comparer<Guid> Comparer(ColumnOrder order) =>
        Comparer<Guid>.Create(
            (a, b) =>
            {
                var result = order.Column is { } column
                    ? Compare(_things[a].Values[column.Position], _things[b].Values[column.Position])
                    : 0;
                result = result != 0 ? result : a.CompareTo(b);
                return order.Descending ? -result : result;
            }
        );

    private static int Compare(object? a, object? b) =>
        (a, b) switch
        {
            (null, null) => 0,
            (null, _) => -1,
            (_, null) => 1,
            (string one, string two) => System
                .Text.Encoding.UTF8.GetBytes(one)
                .AsSpan()
                .SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(two)),
            _ => ((IComparable)a).CompareTo(b),
        };

    private bool Holds(Criterion criterion, Guid key)
    {
        object? Of(Column column) => _things[key].Values[column.Position];
        bool Compares(Column column, object value, Func<int, bool> wanted) => Of(column) is { } held && wanted(Compare(held, value));
        return criterion switch
        {
            Criterion.All all => all.Criteria.All(part => Holds(part, key)),
            Criterion.Any any => any.Criteria.Any(part => Holds(part, key)),
            Criterion.KeyIn keys => keys.Keys.Contains(key),
            Criterion.KeyNotIn keys => !keys.Keys.Contains(key),
            Criterion.KeyBefore before => key.CompareTo(before.Key) < 0,
            Criterion.KeyAfter after => key.CompareTo(after.Key) > 0,
            Criterion.IsNull isNull => Of(isNull.Column) is null == isNull.Expected,
            Criterion.In values => Of(values.Column) is { } held && values.Values.Contains(held),
            Criterion.NotIn values => Of(values.Column) is { } held && !values.Values.Contains(held),
            Criterion.AtLeast least => Compares(least.Column, least.Value, result => result >= 0),
            Criterion.AtMost most => Compares(most.Column, most.Value, result => result <= 0),
            Criterion.Above above => Compares(above.Column, above.Value, result => result > 0),
            Criterion.Below below => Compares(below.Column, below.Value, result => result < 0),
            Criterion.TextMatches text => Of(text.Column) is string held && text.Accepts(held),
            Criterion.HasLabel label => _things[key].Labels.Contains(label.Label),
            Criterion.HasLabels labels => _things[key].Labels.Count > 0 == labels.Expected,
            Criterion.Refers refers => Of(refers.Column) is Guid other && _things.ContainsKey(other) && Holds(refers.There, other),
            Criterion.IsReferredTo referred => _things.Keys.Any(other =>
                Equals(_things[other].Values[referred.Column.Position], key) && Holds(referred.There, other)
            ) == referred.Expected,
            _ => throw new InvalidOperationException(criterion.ToString()),
        };
    }
}
