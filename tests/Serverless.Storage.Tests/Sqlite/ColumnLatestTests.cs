using Serverless.Storage.Columns;
using Serverless.Storage.Sqlite;

namespace Serverless.Storage.Tests.Sqlite;

/// <summary>The tables of the latest keys, against the same in memory.</summary>
public sealed class ColumnLatestTests : IDisposable
{
    private static readonly List<Column> Located = [];
    private static readonly ColumnTable Latest = new("latest", static (_, values) => Address((Guid)values[0]!)) { LocatedBy = Located };
    private static readonly ColumnTable Versions = new("versions", static (key, _) => Address(key));
    private static readonly Column Thing = Versions.Add("thing", ColumnType.Id);
    private static readonly Column Made = Versions.Add("made", ColumnType.Time);
    private static readonly Column Name = Versions.Add("name", ColumnType.Text);
    private static readonly Column Last = Latest.Add("last", ColumnType.Id);
    private static readonly Column LastName = Latest.Add("name", ColumnType.Text);
    private static readonly Guid[] Things = [.. Enumerable.Range(0, 5).Select(_ => Guid.NewGuid())];

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<Guid, ColumnValues> _versions = [];

    static ColumnLatestTests()
    {
        Located.Add(Last);
        Versions.AddLatest(new ColumnLatest(Latest, Thing, Made));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Any changes, several of a thing in one group too; also after the store was opened again.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task AnyChanges_TheLatestOfEachThingIsKept(int seed)
    {
        Random random = new(seed);
        for (var opened = 0; opened < 2; opened++)
        {
            await using var store = SqliteRowStore.Open(new() { Path = _folder.Database, Durability = SqliteDurability.Normal });
            for (var round = 0; round < 60; round++)
            {
                List<Task> commits = [];
                for (var count = random.Next(1, 8); count > 0; count--)
                {
                    commits.Add(ChangeAsync(store, random));
                }

                await Task.WhenAll(commits);
                await ShouldAgreeAsync(store, $"round {round} of {opened}");
            }
        }
    }

    [Fact]
    public async Task Commit_InConflict_ChangesNothing()
    {
        await using var store = SqliteRowStore.Open(new() { Path = _folder.Database });
        var (key, other) = (Guid.NewGuid(), Guid.NewGuid());
        await store.CommitAsync(Write(key, null, new([Things[0], DateTimeOffset.UnixEpoch, "a"], [])));

        var conflict = new RowCommit()
            .Add(RowOperation.Insert(Address(key), []))
            .AddColumns(new(Versions, other, null, new([Things[0], DateTimeOffset.UnixEpoch.AddDays(1), "b"], [])));
        (await store.CommitAsync(conflict)).Succeeded.ShouldBeFalse();

        (await ReadAsync(store)).ShouldBe([(Things[0], "a")]);
    }

    /// <summary>The row that a query asks for in place of the table's.</summary>
    [Fact]
    public async Task Read_WithAnotherRow_ReadsThatOne()
    {
        await using var store = SqliteRowStore.Open(new() { Path = _folder.Database });
        var key = Guid.NewGuid();
        await store.CommitAsync(
            Write(key, null, new([Things[0], DateTimeOffset.UnixEpoch, "a"], []))
                .Add(RowOperation.Insert(Address(key) with { RowKey = "other" }, new RowProperties { { "n", "another" } }))
        );

        List<string?> names = [];
        ColumnQuery query = new(Versions, Criterion.Everything, new(Made, Descending: false), 0, 10);
        await store.Columns.ReadAsync(query, Add);
        await store.Columns.ReadAsync(query with { Locate = static (key, _) => Address(key) with { RowKey = "other" } }, Add);

        names.ShouldBe(["a", "another"]);

        bool Add(ColumnHit hit)
        {
            names.Add(hit.Row!.Properties.Get<string>("n"));
            return true;
        }
    }

    private static RowAddress Address(Guid key) => new("rows", key.ToString("N"), "row");

    private static RowCommit Write(Guid key, ColumnValues? before, ColumnValues? after)
    {
        RowCommit commit = new();
        commit.Add(
            after is null
                ? RowOperation.Delete(Address(key))
                : RowOperation.Upsert(Address(key), new RowProperties { { "n", after.Values[Name.Position] } })
        );
        return commit.AddColumns(new ColumnChange(Versions, key, before, after));
    }

    private static async Task<List<(Guid Thing, string? Name)>> ReadAsync(SqliteRowStore store)
    {
        List<(Guid, string?)> found = [];
        await store.Columns.ReadAsync(
            new(Latest, Criterion.Everything, new(LastName, Descending: false), 0, 100),
            hit =>
            {
                // The row is that of the latest version.
                hit.Row.ShouldNotBeNull().Properties.Get<string>("n").ShouldBe((string?)hit.Place);
                found.Add((hit.Key, (string?)hit.Place));
                return true;
            }
        );
        return found;
    }

    private async Task ShouldAgreeAsync(SqliteRowStore store, string when)
    {
        var expected = _versions
            .Where(version => version.Value.Values[Thing.Position] is not null)
            .GroupBy(version => (Guid)version.Value.Values[Thing.Position]!)
            .Select(thing => (thing.Key, (string?)thing.OrderBy(Time).ThenBy(version => version.Key).Last().Value.Values[Name.Position]));
        (await ReadAsync(store)).ShouldBe(expected, ignoreOrder: true, when);

        static DateTimeOffset Time(KeyValuePair<Guid, ColumnValues> version) =>
            (DateTimeOffset?)version.Value.Values[Made.Position] ?? DateTimeOffset.MinValue;
    }

    private Task<CommitResult> ChangeAsync(SqliteRowStore store, Random random)
    {
        var key = _versions.Count == 0 || random.Next(3) == 0 ? Guid.NewGuid() : _versions.Keys.ElementAt(random.Next(_versions.Count));
        var before = _versions.GetValueOrDefault(key);
        ColumnValues? after =
            before is not null && random.Next(3) == 0
                ? null
                : new(
                    [
                        random.Next(6) == 0 ? null : Things[random.Next(Things.Length)],
                        random.Next(6) == 0 ? null : DateTimeOffset.UnixEpoch.AddSeconds(random.Next(6)),
                        $"{random.Next(1000)}",
                    ],
                    []
                );
        _ = after is null ? _versions.Remove(key) : (_versions[key] = after) is null;
        return store.CommitAsync(Write(key, before, after)).AsTask();
    }
}
