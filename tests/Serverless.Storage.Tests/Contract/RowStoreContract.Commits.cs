namespace Serverless.Storage.Tests.Contract;

public abstract partial class RowStoreContract
{
    [StoreFact]
    public async Task Get_UnknownTableAndRow_AnswersNull()
    {
        (await Store.GetAsync(new("nothing", "p", "r"))).ShouldBeNull();
        await InsertAsync("p", "r");
        (await Store.GetAsync(At("p", "other"))).ShouldBeNull();
        (await Store.GetAsync(At("other", "r"))).ShouldBeNull();
    }

    [StoreFact]
    public async Task Insert_NewRow_IsReadWithItsETag()
    {
        var etag = await InsertAsync("p", "r", 7);

        var row = (await Store.GetAsync(At("p", "r"))).ShouldNotBeNull();
        row.PartitionKey.ShouldBe("p");
        row.RowKey.ShouldBe("r");
        row.ETag.ShouldBe(etag);
        ValueOf(row).ShouldBe(7);
    }

    [StoreFact]
    public async Task Replace_MatchingETag_ReplacesAllPropertiesAndETag()
    {
        var first = await CommitAsync(RowOperation.Insert(At("p", "r"), new() { { "value", 1 }, { "gone", "x" } }));
        var second = await CommitAsync(RowOperation.Replace(At("p", "r"), Value(2), first.ETags[0]!));

        second.Succeeded.ShouldBeTrue();
        second.ETags[0].ShouldNotBe(first.ETags[0]);
        var row = (await Store.GetAsync(At("p", "r"))).ShouldNotBeNull();
        row.ETag.ShouldBe(second.ETags[0]);
        row.Properties.Count.ShouldBe(1);
        ValueOf(row).ShouldBe(2);
    }

    [StoreFact]
    public async Task Upsert_AbsentThenPresent_WritesBothTimes()
    {
        var first = await CommitAsync(RowOperation.Upsert(At("p", "r"), Value(1)));
        var second = await CommitAsync(RowOperation.Upsert(At("p", "r"), Value(2)));

        second.ETags[0].ShouldNotBe(first.ETags[0]);
        var row = (await Store.GetAsync(At("p", "r"))).ShouldNotBeNull();
        row.ETag.ShouldBe(second.ETags[0]);
        ValueOf(row).ShouldBe(2);
    }

    [StoreFact]
    public async Task Delete_PresentThenAbsent_SucceedsWithoutETag()
    {
        await InsertAsync("p", "r");

        var first = await CommitAsync(RowOperation.Delete(At("p", "r")));
        first.Succeeded.ShouldBeTrue();
        first.ETags.ShouldBe([null]);
        (await Store.GetAsync(At("p", "r"))).ShouldBeNull();
        (await CommitAsync(RowOperation.Delete(At("p", "r")))).Succeeded.ShouldBeTrue();
    }

    [StoreFact]
    public async Task Delete_MatchingETag_Deletes()
    {
        var etag = await InsertAsync("p", "r");

        (await CommitAsync(RowOperation.Delete(At("p", "r"), etag))).Succeeded.ShouldBeTrue();
        (await Store.GetAsync(At("p", "r"))).ShouldBeNull();
    }

    [StoreFact]
    public async Task Exists_PresentRow_LetsTheCommitThroughAndChangesNoProperty()
    {
        await InsertAsync("p", "guard", 1);

        var result = await CommitAsync(RowOperation.Exists(At("p", "guard")), RowOperation.Insert(At("p", "r"), Value(2)));
        result.Succeeded.ShouldBeTrue();
        result.ETags[0].ShouldBeNull();
        result.ETags[1].ShouldNotBeNull();
        ValueOf((await Store.GetAsync(At("p", "guard"))).ShouldNotBeNull()).ShouldBe(1);
    }

    [StoreFact]
    public async Task Exists_RequiredByManyAtOnce_DisturbsNobody()
    {
        await InsertAsync("p", "guard", 1);

        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(async i =>
                    await CommitAsync(RowOperation.Exists(At("p", "guard")), RowOperation.Insert(At("p", $"r{i}"), Value(i)))
                )
        );

        results.ShouldAllBe(result => result.Succeeded);
    }

    [StoreFact]
    public async Task Sweep_NothingLeftUndone_FinishesNothing()
    {
        await InsertAsync("p", "r", 1);

        (await Store.SweepAsync()).ShouldBe(0);
    }

    [StoreFact]
    public async Task Commit_DeletedAndInsertedAgain_NeverRepeatsAnETag()
    {
        HashSet<string> etags = [];
        for (var i = 0; i < 10; i++)
        {
            etags.Add(await InsertAsync("p", "r", 1)).ShouldBeTrue();
            await CommitAsync(RowOperation.Delete(At("p", "r")));
        }
    }

    [StoreFact]
    public async Task Commit_HundredOperations_AppliesAll()
    {
        RowOperation[] operations = [.. Enumerable.Range(0, 100).Select(i => RowOperation.Insert(At("p", $"{i:D3}"), Value(i)))];

        var result = await CommitAsync(operations);
        result.Succeeded.ShouldBeTrue();
        result.ETags.Count.ShouldBe(100);
        var rows = await ReadAllAsync(RowRange.Partition(Table, "p"));
        rows.Select(ValueOf).ShouldBe(Enumerable.Range(0, 100).Select(i => (int?)i));
        rows.Select(row => row.ETag).ShouldBe(result.ETags);
    }

    [StoreFact]
    public async Task Commit_DerivedRows_AreWrittenAndDeletedWithIt()
    {
        RowAddress derived = new(DerivedTable, "all", "r");
        await Store.CommitAsync(
            new RowCommit().Add(RowOperation.Insert(At("p", "r"), Value(1))).AddDerived(RowOperation.Upsert(derived, Value(2)))
        );
        ValueOf(await Store.GetAsync(derived)).ShouldBe(2);

        await Store.CommitAsync(new RowCommit().Add(RowOperation.Delete(At("p", "r"))).AddDerived(RowOperation.Delete(derived)));
        (await Store.GetAsync(derived)).ShouldBeNull();
    }

    [StoreFact]
    public async Task Commit_WithoutOrWithTooManyOperations_IsRefused()
    {
        await Should.ThrowAsync<ArgumentException>(async () => await Store.CommitAsync(new()));
        RowOperation[] operations = [.. Enumerable.Range(0, 101).Select(i => RowOperation.Upsert(At("p", $"{i}"), Value(i)))];
        await Should.ThrowAsync<ArgumentException>(async () => await CommitAsync(operations));
        (await ReadAllAsync(RowRange.WholeTable(Table))).ShouldBeEmpty();
    }

    [StoreFact]
    public async Task Commit_SameRowTwice_IsRefused() =>
        await Should.ThrowAsync<ArgumentException>(async () =>
            await CommitAsync(RowOperation.Upsert(At("p", "r"), Value(1)), RowOperation.Delete(At("p", "r")))
        );

    [StoreTheory]
    [InlineData("")]
    [InlineData("ab")]
    [InlineData("1abc")]
    [InlineData("a_b")]
    [InlineData("tableé")]
    [InlineData("things\" --")]
    [InlineData("a123456789012345678901234567890123456789012345678901234567890123")]
    public async Task AnyCall_InvalidTableName_IsRefused(string table)
    {
        await Should.ThrowAsync<ArgumentException>(async () =>
            await Store.CommitAsync(new RowCommit().Add(RowOperation.Upsert(new(table, "p", "r"), Value(1))))
        );
        await Should.ThrowAsync<ArgumentException>(async () => await Store.GetAsync(new(table, "p", "r")));
        await Should.ThrowAsync<ArgumentException>(async () => await Store.QueryAsync(RowRange.WholeTable(table)));
    }

    [StoreFact]
    public async Task Commit_KeyWithHalfASurrogatePair_IsRefused() =>
        await Should.ThrowAsync<ArgumentException>(async () => await CommitAsync(RowOperation.Upsert(At("p", "a\uD83D"), Value(1))));

    [StoreFact]
    public async Task Commit_Cancelled_WritesNothing()
    {
        var commit = new RowCommit().Add(RowOperation.Upsert(At("p", "r"), Value(1)));
        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await Store.CommitAsync(commit, new CancellationToken(canceled: true))
        );
        (await Store.GetAsync(At("p", "r"))).ShouldBeNull();
    }
}
