using Serverless.Storage.Sqlite;

namespace Serverless.Storage.Tests.Sqlite;

public sealed class ETagSequenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteConnection _connection;

    public ETagSequenceTests()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.Database)!);
        _connection = SqliteSchema.OpenWriter(new() { Path = _folder.Database, Durability = SqliteDurability.Normal }, new());
    }

    public void Dispose()
    {
        _connection.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Next_PastABlockInATransactionRolledBack_ReservesAgain()
    {
        ETagSequence sequence = new(_connection);
        long last = 0;
        _connection.Execute("BEGIN");
        for (var i = 0; i < 1_000_001; i++)
        {
            last = sequence.Next();
        }

        _connection.Execute("ROLLBACK");
        sequence.GroupRolledBack();
        _connection.Execute("BEGIN");
        var next = sequence.Next();
        _connection.Execute("COMMIT");
        sequence.GroupCommitted();

        next.ShouldBeGreaterThan(last);
        new ETagSequence(_connection).Next().ShouldBeGreaterThan(next);
    }
}
