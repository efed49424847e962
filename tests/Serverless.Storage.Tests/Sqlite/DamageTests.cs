using System.Text;
using Serverless.Storage.Sqlite;

namespace Serverless.Storage.Tests.Sqlite;

/// <summary>Disks that return something else than what was written.</summary>
public sealed class DamageTests : IDisposable
{
    private const int Page = 8192;
    private const int Rows = 60;

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _found = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_AnyPageZeroed_IsRefusedOrNoRowIsWrong()
    {
        var whole = await CreateAsync();
        var refused = 0;
        for (var page = 0; page < whole.Length / Page; page++)
        {
            var damaged = (byte[])whole.Clone();
            damaged.AsSpan(page * Page, Page).Clear();
            refused += await AssertRefusedOrRightAsync(damaged, $"page {page}") ? 1 : 0;
        }

        refused.ShouldBeGreaterThan(whole.Length / Page / 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Open_BytesFlipped_IsRefusedOrNoRowIsWrong(int seed)
    {
        var whole = await CreateAsync();
        Random random = new(seed);
        for (var round = 0; round < 25; round++)
        {
            var damaged = (byte[])whole.Clone();
            var at = random.Next(damaged.Length);
            for (var i = 0; i < random.Next(1, 20) && at + i < damaged.Length; i++)
            {
                damaged[at + i] ^= (byte)random.Next(1, 256);
            }

            await AssertRefusedOrRightAsync(damaged, $"seed {seed}, round {round}, at {at}");
        }
    }

    [Fact]
    public async Task Query_OneRowDamaged_ListsTheOthersAndTellsOnce()
    {
        await CreateAsync();
        Overwrite("text of row 07", "text of row 99");

        await using var store = Open();
        foreach (var limit in (int[])[1000, 7, 1])
        {
            var keys = await ReadAsync(store, limit);
            keys.Count.ShouldBe(Rows - 1);
            keys.ShouldNotContain("07");
        }

        _found.ShouldHaveSingleItem().ShouldBe("table 'things', partition 'p', row '07': its checksum is wrong");
        store.Health.Damage.ShouldBe(_found);
        store.Health.DamageCount.ShouldBe(1);
    }

    [Fact]
    public async Task Get_RowDamaged_NamesIt()
    {
        await CreateAsync();
        Overwrite("text of row 07", "text of row 99");

        await using var store = Open();
        var error = await Should.ThrowAsync<RowDamagedException>(async () => await store.GetAsync(new("things", "p", "07")));
        error.Message.ShouldContain("table 'things', partition 'p', row '07'");
        (await store.GetAsync(new("things", "p", "08"))).ShouldNotBeNull();
        _found.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Commit_OverADamagedRow_MendsIt()
    {
        await CreateAsync();
        Overwrite("text of row 07", "text of row 99");

        await using var store = Open();
        await store.CommitAsync(new RowCommit().Add(RowOperation.Upsert(new("things", "p", "07"), Properties(7))));

        (await ReadAsync(store, 1000)).Count.ShouldBe(Rows);
    }

    [Fact]
    public async Task Open_PageDamaged_NamesTheTable()
    {
        var whole = await CreateAsync();
        Places(whole, "text of row 07").ForEach(at => whole.AsSpan(at / Page * Page, 100).Fill(0xFF));
        await File.WriteAllBytesAsync(_folder.Database, whole);

        var message = Should.Throw<RowStoreOpenException>(Open).Message;
        message.ShouldContain("table 'things'");
        message.ShouldContain("--check");
        message.ShouldNotContain('\n');
    }

    [Fact]
    public async Task Check_FolderWithoutDamage_FindsNothing()
    {
        await CreateAsync();

        SqliteRowStore.Check(_folder.Database).ShouldBeEmpty();
    }

    [Fact]
    public async Task Check_DamagedRowsAndPages_ListsThemAndChangesNothing()
    {
        await CreateAsync();
        Overwrite("text of row 07", "text of row 99");
        Overwrite("text of row 08", "text of row 99");
        var before = await File.ReadAllBytesAsync(_folder.Database);

        var findings = SqliteRowStore.Check(_folder.Database);

        findings.ShouldBe([
            "table 'things', partition 'p', row '07': its checksum is wrong",
            "table 'things', partition 'p', row '08': its checksum is wrong",
        ]);
        (await File.ReadAllBytesAsync(_folder.Database)).ShouldBe(before);

        before.AsSpan(Page, Page).Clear();
        await File.WriteAllBytesAsync(_folder.Database, before);
        SqliteRowStore.Check(_folder.Database).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Check_StoreOpenOrMissing_SaysSo()
    {
        Should.Throw<RowStoreOpenException>(() => SqliteRowStore.Check(_folder.Database)).Message.ShouldContain("no database");
        Directory.Exists(Path.GetDirectoryName(_folder.Database)).ShouldBeFalse();

        await CreateAsync();
        await using var store = Open();
        Should.Throw<DataFolderInUseException>(() => SqliteRowStore.Check(_folder.Database));
    }

    private static RowProperties Properties(int row) =>
        new() { { "text", $"text of row {row:D2}" }, { "doc", Enumerable.Repeat((byte)row, row % 10 == 9 ? 30_000 : 700).ToArray() } };

    private static async Task<List<string>> ReadAsync(SqliteRowStore store, int limit)
    {
        List<string> keys = [];
        string? continuation = null;
        do
        {
            var page = await store.QueryAsync(RowRange.WholeTable("things"), limit, continuation);
            foreach (var row in page.Rows)
            {
                var number = int.Parse(row.RowKey, System.Globalization.CultureInfo.InvariantCulture);
                row.PartitionKey.ShouldBe("p");
                row.Properties.Get<string>("text").ShouldBe($"text of row {number:D2}");
                row.Properties.GetBytes("doc").ShouldBe(Properties(number).GetBytes("doc"));
                keys.Add(row.RowKey);
            }

            continuation = page.Continuation;
        } while (continuation is not null);

        keys.ShouldBe(keys.Distinct().Order(StringComparer.Ordinal));
        return keys;
    }

    /// <summary>True when the folder was refused; otherwise every row is as it was written, or was told of.</summary>
    private async Task<bool> AssertRefusedOrRightAsync(byte[] database, string what)
    {
        await File.WriteAllBytesAsync(_folder.Database, database);
        File.Delete(_folder.Database + "-wal");
        File.Delete(_folder.Database + "-shm");
        File.Delete(_folder.Database + ".mark");
        _found.Clear();
        SqliteRowStore store;
        try
        {
            store = Open();
        }
        catch (RowStoreOpenException e)
        {
            e.Message.ShouldNotContain('\n');
            return true;
        }

        await using (store)
        {
            var read = (await ReadAsync(store, 1000)).Count;
            (read + _found.Count).ShouldBeGreaterThanOrEqualTo(Rows, what);
        }

        return false;
    }

    private static List<int> Places(byte[] bytes, string text)
    {
        var all = Encoding.Latin1.GetString(bytes);
        List<int> places = [];
        for (var at = all.IndexOf(text, StringComparison.Ordinal); at >= 0; at = all.IndexOf(text, at + 1, StringComparison.Ordinal))
        {
            places.Add(at);
        }

        return places;
    }

    private void Overwrite(string old, string text)
    {
        var bytes = File.ReadAllBytes(_folder.Database);

        // What pages had before they were split lies around, too.
        Places(bytes, old).ForEach(at => Encoding.Latin1.GetBytes(text).CopyTo(bytes, at));
        File.WriteAllBytes(_folder.Database, bytes);
    }

    private async Task<byte[]> CreateAsync()
    {
        await using (var store = Open())
        {
            RowCommit commit = new();
            for (var i = 0; i < Rows; i++)
            {
                commit.Add(RowOperation.Insert(new("things", "p", $"{i:D2}"), Properties(i)));
            }

            await store.CommitAsync(commit);
        }

        return await File.ReadAllBytesAsync(_folder.Database);
    }

    private SqliteRowStore Open() =>
        SqliteRowStore.Open(
            new()
            {
                Path = _folder.Database,
                Durability = SqliteDurability.Normal,
                DamageFound = _found.Add,
            }
        );
}
