namespace Serverless.Storage.Tests.Contract;

public abstract partial class RowStoreContract
{
    [StoreTheory]
    [InlineData('a', 512)]
    [InlineData('%', 256)]
    [InlineData('\t', 170)]
    [InlineData('ж', 102)]
    public async Task Key_AtItsLimit_IsStoredAndOneMoreIsRefused(char c, int longest)
    {
        string key = new(c, longest);
        await CommitAsync(RowOperation.Insert(At(key, key), Value(1)));

        ValueOf(await Store.GetAsync(At(key, key))).ShouldBe(1);
        (await ReadAllAsync(RowRange.Partition(Table, key))).ShouldHaveSingleItem().RowKey.ShouldBe(key);
        (await ReadAllAsync(RowRange.Prefix(Table, key, key))).Count.ShouldBe(1);
        (await ReadAllAsync(RowRange.WholeTable(Table), 1)).Count.ShouldBe(1);
        await Should.ThrowAsync<ArgumentException>(async () => await CommitAsync(RowOperation.Insert(At("p", key + c), Value(1))));
        await Should.ThrowAsync<ArgumentException>(async () => await CommitAsync(RowOperation.Insert(At(key + c, "r"), Value(1))));
        await Should.ThrowAsync<ArgumentException>(async () =>
            await Store.CommitAsync(
                new RowCommit()
                    .Add(RowOperation.Insert(At("p", "r"), Value(1)))
                    .AddDerived(RowOperation.Upsert(new(DerivedTable, "p", key + c), Value(1)))
            )
        );
        (await Store.GetAsync(At("p", key + c))).ShouldBeNull();
    }

    [StoreFact]
    public async Task Key_OfEveryUnusualCharacterAtLength_IsStored()
    {
        var key = string.Concat(UnusualKeys.Where(unusual => unusual.Length < 3).Distinct());
        await CommitAsync(RowOperation.Insert(At(key, key), Value(1)), RowOperation.Insert(At(key, key + "0"), Value(2)));

        ValueOf(await Store.GetAsync(At(key, key))).ShouldBe(1);
        (await ReadAllAsync(RowRange.Prefix(Table, key, key), 1)).Select(row => row.RowKey).ShouldBe([key, key + "0"]);
        (await CommitAsync(RowOperation.Delete(At(key, key)))).Succeeded.ShouldBeTrue();
    }

    [StoreFact]
    public async Task Exists_Present_LetsTheCommitThroughAndChangesNoProperty()
    {
        await InsertAsync("p", "guard", 1);

        var result = await CommitAsync(RowOperation.Exists(At("p", "guard")), RowOperation.Insert(At("p", "r"), Value(2)));
        result.Succeeded.ShouldBeTrue();
        result.ETags[0].ShouldBeNull();
        ValueOf(await Store.GetAsync(At("p", "guard"))).ShouldBe(1);
        (await CommitAsync(RowOperation.Exists(At("p", "guard")))).Succeeded.ShouldBeTrue();
        (await CommitAsync(RowOperation.Exists(At("p", "absent")))).Conflict.ShouldBe(At("p", "absent"));
    }

    [StoreFact]
    public async Task Exists_SpilledRow_KeepsItsValue()
    {
        var large = Bytes(300_000);
        await CommitAsync(RowOperation.Insert(At("p", "r"), new() { { "bytes", large } }));
        await CommitAsync(RowOperation.Exists(At("p", "r")));
        (await Store.GetAsync(At("p", "r")))!.Properties.GetBytes("bytes").AsSpan().SequenceEqual(large).ShouldBeTrue();
    }

    [StoreFact]
    public async Task Sweep_NothingLeftBehind_FinishesNothing()
    {
        await Store.CommitAsync(
            new RowCommit()
                .Add(RowOperation.Insert(At("p", "r"), Value(1)))
                .AddDerived(RowOperation.Upsert(new(DerivedTable, "all", "r"), Value(2)))
        );

        (await Store.SweepAsync()).ShouldBe(0);
        ValueOf(await Store.GetAsync(new(DerivedTable, "all", "r"))).ShouldBe(2);
    }

    [StoreFact]
    public async Task Delete_SomeAbsent_DeletesTheOthersWithTheCommit()
    {
        await InsertAsync("p", "b");
        await InsertAsync("p", "d");
        var etag = await InsertAsync("p", "keep", 1);

        var result = await CommitAsync([
            .. "abcde".Select(row => RowOperation.Delete(At("p", row.ToString()))),
            RowOperation.Replace(At("p", "keep"), Value(2), etag),
        ]);
        result.Succeeded.ShouldBeTrue();
        (await ReadAllAsync(RowRange.Partition(Table, "p"))).Select(ValueOf).ShouldBe([2]);

        // A condition that fails is a conflict whatever else is absent.
        (await CommitAsync(RowOperation.Delete(At("p", "a")), RowOperation.Replace(At("p", "keep"), Value(3), etag))).Conflict.ShouldBe(
            At("p", "keep")
        );
        (await CommitAsync(RowOperation.Delete(At("nowhere", "a")), RowOperation.Delete(At("nowhere", "b")))).Succeeded.ShouldBeTrue();
    }

    [StoreFact]
    public async Task Delete_DerivedRowThatIsAbsent_IsFine()
    {
        var result = await Store.CommitAsync(
            new RowCommit()
                .Add(RowOperation.Insert(At("p", "r"), Value(1)))
                .AddDerived(RowOperation.Delete(new(DerivedTable, "all", "absent")))
                .AddDerived(RowOperation.Upsert(new(DerivedTable, "all", "present"), Value(2)))
                .AddDerived(RowOperation.Delete(new(DerivedTable, "other", "absent")))
        );

        result.Succeeded.ShouldBeTrue();
        (await ReadAllAsync(RowRange.WholeTable(DerivedTable))).ShouldHaveSingleItem().RowKey.ShouldBe("present");
    }

    [StoreFact]
    public async Task Derived_SameRowTwice_TheLastCounts()
    {
        RowAddress address = new(DerivedTable, "all", "r");
        await Store.CommitAsync(
            new RowCommit()
                .Add(RowOperation.Insert(At("p", "r"), Value(1)))
                .AddDerived(RowOperation.Delete(address))
                .AddDerived(RowOperation.Upsert(address, Value(2)))
                .AddDerived(RowOperation.Upsert(address, Value(3)))
        );
        ValueOf(await Store.GetAsync(address)).ShouldBe(3);
    }

    [StoreFact]
    public async Task Derived_ManyRowsInManyPartitions_AreAllWritten()
    {
        var commit = new RowCommit().Add(RowOperation.Insert(At("p", "r"), Value(1)));
        for (var i = 0; i < 250; i++)
        {
            commit.AddDerived(RowOperation.Upsert(new(DerivedTable, i < 230 ? "all" : $"p{i}", $"{i:d3}"), Value(i)));
        }

        (await Store.CommitAsync(commit)).Succeeded.ShouldBeTrue();
        (await ReadAllAsync(RowRange.WholeTable(DerivedTable))).Count.ShouldBe(250);
    }
}
