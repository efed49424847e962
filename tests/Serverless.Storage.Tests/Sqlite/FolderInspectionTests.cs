using Serverless.Storage.Sqlite;

namespace Serverless.Storage.Tests.Sqlite;

/// <summary>Folders of which something is gone. A copy of the files of an open store is what a killed process leaves.</summary>
public sealed class FolderInspectionTests : IDisposable
{
    private const int Frame = 8192 + 24;
    private const int Rows = 20;

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _killed = new();

    private string Log => _killed.Database + "-wal";

    private string Mark => _killed.Database + ".mark";

    public void Dispose()
    {
        _folder.Dispose();
        _killed.Dispose();
    }

    [Theory]
    [InlineData(SqliteDurability.Full)]
    [InlineData(SqliteDurability.Normal)]
    public async Task Open_FolderOfAKilledProcess_HasEverything(SqliteDurability durability)
    {
        await KillAsync(durability);

        await AssertRowsAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Open_DatabaseMissingInAFolderThatWasInUse_IsRefused(bool killed)
    {
        await LeaveAsync(killed);
        File.Delete(_killed.Database);

        Refused("missing", Mark);
        Refused("missing", Mark);
        File.Exists(Log).ShouldBe(killed, "the log is not to be touched");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Open_DatabaseEmptyInAFolderThatWasInUse_IsRefused(bool killed)
    {
        await LeaveAsync(killed);
        File.WriteAllBytes(_killed.Database, []);

        Refused("empty", Mark);
        new FileInfo(_killed.Database).Length.ShouldBe(0);
    }

    [Fact]
    public async Task Open_LogAlone_IsRefused()
    {
        await KillAsync();
        File.Delete(_killed.Database);
        File.Delete(Mark);

        Refused("missing", Log);
        File.Exists(Log).ShouldBeTrue();
    }

    [Theory]
    [InlineData(SqliteDurability.Full)]
    [InlineData(SqliteDurability.Normal)]
    public async Task Open_LogMissing_IsRefused(SqliteDurability durability)
    {
        await KillAsync(durability);
        File.Delete(Log);

        Refused("lacks writes", Mark);
    }

    [Fact]
    public async Task Open_LogCutBetweenTwoTransactions_IsRefused()
    {
        await KillAsync();
        using (var log = File.OpenWrite(Log))
        {
            // Far enough to lose the last commit; what is left is a log as good as any.
            log.SetLength(32 + (((log.Length - 32) / Frame / 2) * Frame));
        }

        Refused("lacks writes", Mark);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(17)]
    [InlineData(30)]
    public async Task Open_LogWithDamagedHeader_IsRefused(int at)
    {
        await KillAsync();
        Flip(Log, at);

        Refused("damaged", Log);
        File.Delete(Mark);
        Refused("damaged", Log);
    }

    [Fact]
    public async Task Open_LogWithDamagedFrame_IsRefused()
    {
        await KillAsync();
        Flip(Log, 32 + 24 + 100);

        Refused("lacks writes", Mark);
    }

    [Fact]
    public async Task Open_OlderCopyOfTheDatabase_IsRefusedUntilTheMarkIsDeleted()
    {
        await LeaveAsync(killed: false);
        var older = File.ReadAllBytes(_killed.Database);
        await using (var store = Open())
        {
            await InsertAsync(store, "later");
        }

        File.WriteAllBytes(_killed.Database, older);
        Refused("older copy", Mark);

        File.Delete(Mark);
        await AssertRowsAsync();
        File.Exists(Mark).ShouldBeTrue();
    }

    [Fact]
    public async Task Open_DatabaseOfAnotherFolder_IsRefused()
    {
        await LeaveAsync(killed: false);
        TemporaryFolder other = new();
        await using (SqliteRowStore.Open(new() { Path = other.Database })) { }

        File.Copy(other.Database, _killed.Database, overwrite: true);
        other.Dispose();

        Refused("not the database of the folder", Mark);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense\n")]
    [InlineData("store 0000000000000001 created 1 mark 1 sum 0000000000000000\n")]
    public async Task Open_MarkDamaged_IsRefused(string text)
    {
        await LeaveAsync(killed: false);
        File.WriteAllText(Mark, text);

        Refused("damaged", Mark);
    }

    [Fact]
    public async Task Open_OneLineOfTheMarkDamaged_TakesTheOther()
    {
        await KillAsync();
        Flip(Mark, 10);

        await AssertRowsAsync();
    }

    [Fact]
    public async Task Open_LogMovedIntoTheDatabaseByAnotherTool_HasEverything()
    {
        await KillAsync();
        using (SqliteConnection shell = SqliteConnection.Open(_killed.Database, readOnly: false))
        {
            shell.ReadInt64("SELECT count(*) FROM things").ShouldBe(20);
        }

        File.Exists(Log).ShouldBeFalse();
        await AssertRowsAsync();
    }

    [Fact]
    public async Task Open_CopyThatSqliteMadeOfAnOpenStore_HasEverything()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_killed.Database)!);
        await using (SqliteRowStore store = SqliteRowStore.Open(new() { Path = _folder.Database }))
        {
            await FillAsync(store, Rows);
            using SqliteConnection shell = SqliteConnection.Open(_folder.Database, readOnly: false);
            shell.Execute($"VACUUM INTO '{_killed.Database}'");
        }

        await AssertRowsAsync();
    }

    [Fact]
    public async Task Open_Refused_ChangesNothing()
    {
        await KillAsync();
        Flip(Log, 32 + 24 + 100);
        var log = File.ReadAllBytes(Log);
        var database = File.ReadAllBytes(_killed.Database);

        Refused("lacks writes", Mark);

        File.ReadAllBytes(Log).ShouldBe(log);
        File.ReadAllBytes(_killed.Database).ShouldBe(database);
    }

    [Fact]
    public async Task Open_BurstOfCommits_IsKnownOnceTheStoreIsIdle()
    {
        await using SqliteRowStore store = SqliteRowStore.Open(new() { Path = _folder.Database });
        var mark = _folder.Database + ".mark";
        await InsertAsync(store, "first");
        var before = FolderMark.Read(new(_folder.Database))!;
        await InsertAsync(store, "second");
        await InsertAsync(store, "third");

        for (var i = 0; i < 1000 && FolderMark.Read(new(_folder.Database))!.Mark == before.Mark; i++)
        {
            await Task.Delay(5);
        }

        FolderMark.Read(new(_folder.Database))!.Mark.ShouldBeGreaterThan(before.Mark, mark);
    }

    [Fact]
    public async Task Open_LockFileDeletedMeanwhile_IsStillRefused()
    {
        await using SqliteRowStore store = SqliteRowStore.Open(new() { Path = _folder.Database });
        File.Delete(_folder.Database + ".lock");

        Should.Throw<DataFolderInUseException>(() => SqliteRowStore.Open(new() { Path = _folder.Database }));
        await InsertAsync(store, "goes on");
    }

    private static void Flip(string file, int at)
    {
        using var stream = File.Open(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Position = at;
        var value = stream.ReadByte();
        stream.Position = at;
        stream.WriteByte((byte)(value ^ 0x20));
    }

    private static async Task InsertAsync(SqliteRowStore store, string row) =>
        (
            await store.CommitAsync(new RowCommit().Add(RowOperation.Insert(new("things", "p", row), new() { { "doc", new byte[2000] } })))
        ).Succeeded.ShouldBeTrue();

    private void Refused(params string[] words)
    {
        var message = Should.Throw<RowStoreOpenException>(Open).Message;
        message.ShouldNotContain('\n');
        foreach (var word in words)
        {
            message.ShouldContain(word);
        }
    }

    private Task LeaveAsync(bool killed) => killed ? KillAsync() : CloseAsync();

    private async Task CloseAsync()
    {
        await using (SqliteRowStore store = SqliteRowStore.Open(new() { Path = _folder.Database }))
        {
            await FillAsync(store, Rows);
        }

        Copy();
    }

    private async Task KillAsync(SqliteDurability durability = SqliteDurability.Full)
    {
        await using SqliteRowStore store = SqliteRowStore.Open(new() { Path = _folder.Database, Durability = durability });
        await FillAsync(store, Rows - 1);

        // The mark follows by itself, at any moment: the last one has to be of the end of the log.
        var before = FolderMark.Read(new(_folder.Database))!.Mark;
        await InsertAsync(store, "last");
        for (var i = 0; i < 1000 && FolderMark.Read(new(_folder.Database))!.Mark == before; i++)
        {
            await Task.Delay(5);
        }

        Copy();
    }

    private static async Task FillAsync(SqliteRowStore store, int rows)
    {
        for (var i = 0; i < rows; i++)
        {
            await InsertAsync(store, $"{i:D2}");
        }
    }

    private void Copy()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_killed.Database)!);
        foreach (var suffix in (string[])["", "-wal", ".mark"])
        {
            if (File.Exists(_folder.Database + suffix))
            {
                File.Copy(_folder.Database + suffix, _killed.Database + suffix);
            }
        }
    }

    private async Task AssertRowsAsync()
    {
        await using var store = Open();
        (await store.QueryAsync(RowRange.WholeTable("things"))).Rows.Count.ShouldBe(Rows);
    }

    private SqliteRowStore Open() => SqliteRowStore.Open(new() { Path = _killed.Database });
}
