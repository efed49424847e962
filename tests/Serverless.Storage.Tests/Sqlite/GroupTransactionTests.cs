using Serverless.Storage.Columns;
using Serverless.Storage.Sqlite;

namespace Serverless.Storage.Tests.Sqlite;

public sealed class GroupTransactionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteConnection _connection;
    private readonly DurableMark _mark;
    private readonly GroupTransaction _transaction;

    public GroupTransactionTests()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.Database)!);
        TableCatalog catalog = new();
        _connection = SqliteSchema.OpenWriter(new() { Path = _folder.Database, MaxPages = 40 }, catalog);
        _mark = new(_connection, new DataFolder(_folder.Database), SqliteSchema.ReadMark(_connection), SqliteDurability.Full);
        _transaction = new(_connection, catalog, _mark, new());
    }

    public void Dispose()
    {
        _transaction.Dispose();
        _mark.Dispose();
        _connection.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Write_ConflictInTheGroup_LeavesOutThatCommitAlone()
    {
        List<PendingCommit> group = [Insert("a"), Insert("a"), Insert("b")];
        _transaction.Write(group);

        group.Select(pending => pending.Outcome!.Succeeded).ShouldBe([true, false, true]);
        Count().ShouldBe(2);
    }

    [Fact]
    public void Write_ConditionOnACommitBeforeInTheGroup_SeesIt()
    {
        List<PendingCommit> first = [Insert("a")];
        _transaction.Write(first);
        var etag = first[0].Outcome!.ETags[0]!;

        List<PendingCommit> group = [Replace("a", etag), Replace("a", etag)];
        _transaction.Write(group);

        group.Select(pending => pending.Outcome!.Succeeded).ShouldBe([true, false]);
    }

    [Fact]
    public void Write_OneCommitFillsTheDisk_WritesNothingOfTheGroupAndTheNextOneIsWritten()
    {
        _transaction.Write([Insert("before")]);

        Should.Throw<SqliteErrorException>(() => _transaction.Write([Insert("a"), Insert("b", 1024 * 1024), Insert("c")]));
        _connection.InTransaction.ShouldBeFalse();
        Count().ShouldBe(1);

        List<PendingCommit> next = [Insert("a")];
        _transaction.Write(next);
        next[0].Outcome!.Succeeded.ShouldBeTrue();
        Count().ShouldBe(2);
    }

    /// <summary>Nor the columns of its commits, nor what is kept of them.</summary>
    [Fact]
    public void Write_OneCommitFillsTheDisk_TheNextOneWritesItsOwnColumnsAlone()
    {
        ColumnTable kept = new("kept", static (_, _) => new("things", "p", "before"));
        _ = kept.Add("last", ColumnType.Id);
        ColumnTable table = new("columns", static (_, _) => new("things", "p", "before"));
        var group = table.Add("of", ColumnType.Id);
        var order = table.Add("number", ColumnType.Number);
        table.AddLatest(new ColumnLatest(kept, group, order));
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        _transaction.Write([With(Insert("before"), first, 1)]);

        Should.Throw<SqliteErrorException>(() => _transaction.Write([With(Insert("a"), second, 2), Insert("b", 1024 * 1024)]));
        _transaction.Write([Insert("a")]);

        _connection.ReadInt64("SELECT count(*) FROM _columns").ShouldBe(1);
        _connection.ReadText("SELECT hex(last) FROM _kept").ShouldBe(first.ToString("N").ToUpperInvariant());

        PendingCommit With(PendingCommit pending, Guid key, long number)
        {
            pending.Encoded.Commit.AddColumns(new(table, key, null, new([Guid.Empty, number], [])));
            return pending;
        }
    }

    [Fact]
    public void Write_AfterATransactionThatStayedOpen_StartsAnew()
    {
        _connection.Execute("BEGIN IMMEDIATE");

        _transaction.Write([Insert("a")]);
        Count().ShouldBe(1);
    }

    private static PendingCommit Insert(string row, int size = 10) =>
        new(new(new RowCommit().Add(RowOperation.Insert(new("things", "p", row), new() { { "doc", new byte[size] } }))), isDeferred: false);

    private static PendingCommit Replace(string row, string etag) =>
        new(new(new RowCommit().Add(RowOperation.Replace(new("things", "p", row), [], etag))), isDeferred: false);

    private long Count() => _connection.ReadInt64("SELECT count(*) FROM things");
}
