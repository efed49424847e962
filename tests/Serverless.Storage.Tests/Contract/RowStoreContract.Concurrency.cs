namespace Serverless.Storage.Tests.Contract;

public abstract partial class RowStoreContract
{
    [StoreFact]
    public async Task Commit_ManyCallers_EachReadsItsOwnWritesAtOnce()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(caller =>
                    Task.Run(async () =>
                    {
                        var partition = $"p{caller:D2}";
                        for (var i = 0; i < 20; i++)
                        {
                            var key = $"{i:D2}";
                            RowAddress derived = new(DerivedTable, "all", partition + key);
                            var result = await Store.CommitAsync(
                                new RowCommit()
                                    .Add(RowOperation.Insert(At(partition, key), Value(i)))
                                    .AddDerived(RowOperation.Upsert(derived, Value(i)))
                            );
                            result.Succeeded.ShouldBeTrue();

                            ValueOf(await Store.GetAsync(At(partition, key))).ShouldBe(i);
                            ValueOf(await Store.GetAsync(derived)).ShouldBe(i);
                            (await ReadAllAsync(RowRange.Partition(Table, partition))).Count.ShouldBe(i + 1);
                        }
                    })
                )
        );

        (await ReadAllAsync(RowRange.WholeTable(Table), 33)).Count.ShouldBe(320);
    }

    [StoreFact]
    public async Task Replace_CallersCompete_LosesNoUpdate()
    {
        await InsertAsync("p", "counter", 0);

        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        for (var done = 0; done < 10; )
                        {
                            var row = (await Store.GetAsync(At("p", "counter"))).ShouldNotBeNull();
                            var result = await CommitAsync(
                                RowOperation.Replace(At("p", "counter"), Value(ValueOf(row)!.Value + 1), row.ETag)
                            );
                            done += result.Succeeded ? 1 : 0;
                        }
                    })
                )
        );

        ValueOf(await Store.GetAsync(At("p", "counter"))).ShouldBe(80);
    }

    [StoreFact]
    public async Task Insert_CallersCompete_OneWins()
    {
        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(caller =>
                    Task.Run(async () =>
                        await CommitAsync(
                            RowOperation.Insert(At("p", "r"), Value(caller)),
                            RowOperation.Insert(At("p", $"mine{caller}"), Value(caller))
                        )
                    )
                )
        );

        results.Count(result => result.Succeeded).ShouldBe(1);
        (await ReadAllAsync(RowRange.Partition(Table, "p"))).Count.ShouldBe(2);
    }
}
