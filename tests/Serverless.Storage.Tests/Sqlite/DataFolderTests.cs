using System.Runtime.Versioning;
using Serverless.Storage.Sqlite;

namespace Serverless.Storage.Tests.Sqlite;

/// <summary>Who may read what a store writes.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class DataFolderTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everybody =
        OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private const UnixFileMode Enter = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly TemporaryFolder _folder = new();

    private string Data => Path.GetDirectoryName(_folder.Database)!;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_NewFolder_IsForItsOwnerAlone()
    {
        await using var store = await OpenAsync();

        AssertPrivate();
    }

    [Fact]
    public async Task Open_FolderThatOthersCanRead_IsClosedToThem()
    {
        await using (await OpenAsync()) { }

        File.SetUnixFileMode(Data, Everybody | Enter);
        foreach (var file in Directory.GetFiles(Data))
        {
            File.SetUnixFileMode(file, Everybody);
        }

        await using var store = await OpenAsync();

        AssertPrivate();
    }

    [Fact]
    public async Task Open_FolderWithOtherThings_ClosesItsOwnFilesOnly()
    {
        Directory.CreateDirectory(Data);
        var other = Path.Combine(Data, "notes.txt");
        await File.WriteAllTextAsync(other, "theirs");
        File.SetUnixFileMode(other, Everybody);
        File.SetUnixFileMode(Data, Everybody | Enter);

        await using var store = await OpenAsync();

        File.GetUnixFileMode(Data).ShouldBe(Everybody | Enter);
        File.GetUnixFileMode(other).ShouldBe(Everybody);
        Directory.GetFiles(Data, "store.db*").ShouldAllBe(file => File.GetUnixFileMode(file) == OwnerOnly);
    }

    private void AssertPrivate()
    {
        File.GetUnixFileMode(Data).ShouldBe(OwnerOnly | UnixFileMode.UserExecute);
        var modes = Directory.GetFiles(Data).ToDictionary(file => Path.GetFileName(file)!, File.GetUnixFileMode);
        modes.Keys.Order(StringComparer.Ordinal).ShouldBe(["store.db", "store.db-shm", "store.db-wal", "store.db.lock", "store.db.mark"]);
        modes.Values.ShouldAllBe(mode => mode == OwnerOnly);
    }

    private async Task<SqliteRowStore> OpenAsync()
    {
        SqliteRowStore store = SqliteRowStore.Open(new() { Path = _folder.Database });
        await store.CommitAsync(new RowCommit().Add(RowOperation.Upsert(new("things", "p", "r"), [])));
        return store;
    }
}
