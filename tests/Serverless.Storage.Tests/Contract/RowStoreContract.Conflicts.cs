namespace Serverless.Storage.Tests.Contract;

public abstract partial class RowStoreContract
{
    public enum Condition
    {
        InsertOfPresent,
        ReplaceOfAbsent,
        ReplaceWithOldETag,
        ReplaceWithForeignETag,
        DeleteOfAbsent,
        DeleteWithOldETag,
        ExistsOfAbsent,
    }

    [StoreTheory]
    [InlineData(Condition.InsertOfPresent)]
    [InlineData(Condition.ReplaceOfAbsent)]
    [InlineData(Condition.ReplaceWithOldETag)]
    [InlineData(Condition.ReplaceWithForeignETag)]
    [InlineData(Condition.DeleteOfAbsent)]
    [InlineData(Condition.DeleteWithOldETag)]
    [InlineData(Condition.ExistsOfAbsent)]
    public async Task Commit_ConditionFails_NamesTheRowAndWritesNothing(Condition condition)
    {
        var old = await InsertAsync("p", "present", 1);
        var replaced = await CommitAsync(RowOperation.Replace(At("p", "present"), Value(2), old));
        RowAddress derived = new(DerivedTable, "all", "r");

        var failing = Failing(condition, old);
        var result = await Store.CommitAsync(
            new RowCommit()
                .Add(RowOperation.Insert(At("p", "before"), Value(3)))
                .Add(failing)
                .Add(RowOperation.Upsert(At("p", "z-after"), Value(4)))
                .AddDerived(RowOperation.Upsert(derived, Value(5)))
        );

        result.Succeeded.ShouldBeFalse();
        result.Conflict.ShouldBe(failing.Address);
        result.ETags.ShouldBeEmpty();
        var only = (await ReadAllAsync(RowRange.WholeTable(Table))).ShouldHaveSingleItem();
        only.ETag.ShouldBe(replaced.ETags[0]);
        ValueOf(only).ShouldBe(2);
        (await Store.GetAsync(derived)).ShouldBeNull();
    }

    [StoreFact]
    public async Task Commit_TwoConditionsFail_NamesTheFirst()
    {
        await InsertAsync("p", "a");
        await InsertAsync("p", "b");

        var result = await CommitAsync(RowOperation.Insert(At("p", "b"), Value(1)), RowOperation.Insert(At("p", "a"), Value(1)));
        result.Conflict.ShouldBe(At("p", "b"));
    }

    [StoreFact]
    public async Task Replace_RowDeletedAndInsertedAgain_Conflicts()
    {
        var old = await InsertAsync("p", "r", 1);
        await CommitAsync(RowOperation.Delete(At("p", "r")));
        await InsertAsync("p", "r", 1);

        (await CommitAsync(RowOperation.Replace(At("p", "r"), Value(2), old))).Conflict.ShouldBe(At("p", "r"));
    }

    [StoreFact]
    public async Task Replace_WrittenMeanwhileAsDerivedRow_Conflicts()
    {
        var old = await InsertAsync("p", "r", 1);
        await Store.CommitAsync(
            new RowCommit().Add(RowOperation.Upsert(At("q", "r"), Value(1))).AddDerived(RowOperation.Upsert(At("p", "r"), Value(2)))
        );

        (await CommitAsync(RowOperation.Replace(At("p", "r"), Value(3), old))).Succeeded.ShouldBeFalse();
    }

    private static RowOperation Failing(Condition condition, string old) =>
        condition switch
        {
            Condition.InsertOfPresent => RowOperation.Insert(At("p", "present"), Value(9)),
            Condition.ReplaceOfAbsent => RowOperation.Replace(At("p", "absent"), Value(9), old),
            Condition.ReplaceWithOldETag => RowOperation.Replace(At("p", "present"), Value(9), old),
            Condition.ReplaceWithForeignETag => RowOperation.Replace(
                At("p", "present"),
                Value(9),
                "W/\"datetime'2026-01-01T00%3A00%3A00.0000000Z'\""
            ),
            Condition.DeleteOfAbsent => RowOperation.Delete(At("p", "absent"), old),
            Condition.DeleteWithOldETag => RowOperation.Delete(At("p", "present"), old),
            Condition.ExistsOfAbsent => RowOperation.Exists(At("p", "absent")),
            _ => throw new ArgumentOutOfRangeException(nameof(condition)),
        };
}
