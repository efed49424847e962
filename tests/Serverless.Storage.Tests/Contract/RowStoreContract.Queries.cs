namespace Serverless.Storage.Tests.Contract;

public abstract partial class RowStoreContract
{
    [StoreFact]
    public async Task Query_UnknownTable_IsEmpty()
    {
        var page = await Store.QueryAsync(RowRange.WholeTable("nothing"));
        page.Rows.ShouldBeEmpty();
        page.Continuation.ShouldBeNull();
    }

    [StoreTheory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Query_UnusualRowKeys_AreOrderedByUtf8(int limit)
    {
        foreach (var key in UnusualKeys.Reverse())
        {
            await InsertAsync("p", key);
        }

        (await ReadAllAsync(RowRange.Partition(Table, "p"), limit)).Select(row => row.RowKey).ShouldBe(UnusualKeys);
    }

    [StoreTheory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Query_UnusualPartitionKeys_AreOrderedByUtf8(int limit)
    {
        foreach (var key in UnusualKeys.Reverse())
        {
            await CommitAsync(RowOperation.Insert(At(key, "1"), Value(1)), RowOperation.Insert(At(key, string.Empty), Value(0)));
        }

        IEnumerable<(string, string)> expected = UnusualKeys.SelectMany(key => new[] { (key, string.Empty), (key, "1") });
        (await ReadAllAsync(RowRange.WholeTable(Table), limit)).Select(row => (row.PartitionKey, row.RowKey)).ShouldBe(expected);
        foreach (var key in UnusualKeys)
        {
            ValueOf(await Store.GetAsync(At(key, "1"))).ShouldBe(1);
            (await ReadAllAsync(RowRange.Partition(Table, key))).Count.ShouldBe(2);
        }
    }

    [StoreTheory]
    [InlineData("", new[] { "", "a", "ab", "ab|1", "ab|2", "ac", "b", "😀", "😀1", "😁" })]
    [InlineData("ab", new[] { "ab", "ab|1", "ab|2" })]
    [InlineData("ab|", new[] { "ab|1", "ab|2" })]
    [InlineData("😀", new[] { "😀", "😀1" })]
    [InlineData("c", new string[0])]
    public async Task Query_Prefix_AnswersKeysThatStartWithIt(string prefix, string[] expected)
    {
        foreach (var key in new[] { "", "a", "ab", "ab|1", "ab|2", "ac", "b", "😀", "😀1", "😁" })
        {
            await InsertAsync("p", key);
        }

        (await ReadAllAsync(RowRange.Prefix(Table, "p", prefix))).Select(row => row.RowKey).ShouldBe(expected);
    }

    [StoreTheory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(1000)]
    public async Task Query_RowBoundsOverPartitions_ApplyInEveryPartition(int limit)
    {
        foreach (var partition in new[] { "a", "b", "c", "d" })
        {
            RowOperation[] rows = [.. "12345".Select(row => RowOperation.Insert(At(partition, row.ToString()), Value(row)))];
            await CommitAsync(rows);
        }

        await InsertAsync("bb", "1");

        (await ReadAllAsync(new(Table, "b", "c", "2", "4"), limit))
            .Select(row => row.PartitionKey + row.RowKey)
            .ShouldBe(["b2", "b3", "c2", "c3"]);
        (await ReadAllAsync(new(Table, "b", null, "5"), limit)).Select(row => row.PartitionKey + row.RowKey).ShouldBe(["b5", "c5", "d5"]);
        (await ReadAllAsync(new(Table, "", "b", null, "2"), limit)).Select(row => row.PartitionKey + row.RowKey).ShouldBe(["a1", "b1"]);
        (await ReadAllAsync(new(Table, "b", "bb"), limit))
            .Select(row => row.PartitionKey + row.RowKey)
            .ShouldBe(["b1", "b2", "b3", "b4", "b5", "bb1"]);
        (await ReadAllAsync(new(Table, "c", "b"), limit)).ShouldBeEmpty();
        (await ReadAllAsync(new(Table, "a", "a", "3", "3"), limit)).ShouldBeEmpty();
    }

    [StoreFact]
    public async Task Query_PageEndsWithTheRange_HasNoContinuation()
    {
        await InsertAsync("p", "1");
        await InsertAsync("p", "2");

        (await Store.QueryAsync(RowRange.Partition(Table, "p"), 2)).Continuation.ShouldBeNull();
        (await Store.QueryAsync(RowRange.WholeTable(Table), 2)).Continuation.ShouldBeNull();
    }

    [StoreFact]
    public async Task Query_RowsChangeBetweenPages_SeesEveryLastingRowOnce()
    {
        for (var i = 10; i < 40; i++)
        {
            await InsertAsync(i < 25 ? "p" : "q", $"{i}", i);
        }

        List<int> seen = [];
        string? continuation = null;
        var round = 0;
        do
        {
            var page = await Store.QueryAsync(RowRange.WholeTable(Table), 4, continuation);
            seen.AddRange(page.Rows.Select(row => ValueOf(row)!.Value));
            continuation = page.Continuation;

            // The row that the token stands on goes, others come behind it and far before it, and one changes.
            var last = page.Rows[^1];
            await CommitAsync(
                RowOperation.Delete(At(last.PartitionKey, last.RowKey)),
                RowOperation.Upsert(At(last.PartitionKey, "0" + round), Value(-1))
            );
            await CommitAsync(RowOperation.Upsert(At("q", "39"), Value(39)), RowOperation.Upsert(At("q", $"50{round++}"), Value(100)));
        } while (continuation is not null);

        seen.Where(value => value < 100).ShouldBe(Enumerable.Range(10, 30));
        seen.Count(value => value == 100).ShouldBeGreaterThan(0);
    }

    [StoreTheory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1001)]
    public async Task Query_LimitOutOfRange_IsRefused(int limit) =>
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Store.QueryAsync(RowRange.WholeTable(Table), limit));

    [StoreTheory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("not a token!")]
    [InlineData("AAAA")]
    [InlineData("AQAAAAB_")]
    [InlineData("AX___39hYg")]
    public async Task Query_ForeignToken_IsRefused(string token)
    {
        await InsertAsync("p", "r");
        await Should.ThrowAsync<FormatException>(async () => await Store.QueryAsync(RowRange.Partition(Table, "p"), 10, token));
    }

    [StoreFact]
    public async Task Query_TokenOfAnotherRange_IsRefused()
    {
        await InsertAsync("p", "1");
        await InsertAsync("p", "2");
        var token = (await Store.QueryAsync(RowRange.Partition(Table, "p"), 1)).Continuation.ShouldNotBeNull();

        await Should.ThrowAsync<FormatException>(async () => await Store.QueryAsync(RowRange.Partition(Table, "q"), 1, token));
        await Should.ThrowAsync<FormatException>(async () => await Store.QueryAsync(RowRange.Prefix(Table, "p", "2"), 1, token));
    }
}
