using FsCheck;
using FsCheck.Fluent;

namespace Serverless.Storage.Tests.Contract;

public abstract partial class RowStoreContract
{
    [StoreFact]
    public void AnyHistory_ComparedWithTheModel_AnswersTheSame()
    {
        var runs = 0;
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(ModelRuns),
            Prop.ForAll(ModelStep.Histories, history => RunHistoryAsync($"model{Interlocked.Increment(ref runs)}", history))
        );
    }

    private async Task RunHistoryAsync(string table, ModelStep[] history)
    {
        StoreModel model = new();
        List<string> oldETags = ["7"];
        foreach (var step in history)
        {
            RowOperation[] operations = [.. step.Writes.Select(write => ToOperation(table, step.Partition, write, model, oldETags))];
            var conflict = model.FindConflict(operations);

            var result = await CommitAsync(operations);

            result.Conflict.ShouldBe(conflict);
            if (result.Succeeded)
            {
                result.ETags.Count.ShouldBe(operations.Length);
                for (var i = 0; i < operations.Length; i++)
                {
                    (result.ETags[i] is not null).ShouldBe(operations[i].Properties is not null);
                    model.Apply(operations[i], result.ETags[i]);
                    if (operations[i].Kind == RowOperationKind.Exists)
                    {
                        model.Touch(operations[i].Address, (await Store.GetAsync(operations[i].Address)).ShouldNotBeNull().ETag);
                    }
                }

                oldETags.AddRange(result.ETags.OfType<string>());
            }

            RowRange range = new(table, step.Bounds[0] ?? string.Empty, step.Bounds[1], step.Bounds[2], step.Bounds[3]);
            IEnumerable<(string, string, int, string)> rows = (await ReadAllAsync(range, step.Limit)).Select(row =>
                (row.PartitionKey, row.RowKey, ValueOf(row)!.Value, row.ETag)
            );
            rows.ShouldBe(model.Query(range));
        }
    }

    private static RowOperation ToOperation(
        string table,
        string partition,
        (RowOperationKind Kind, string Row, int ETag, int Value) write,
        StoreModel model,
        List<string> oldETags
    )
    {
        RowAddress address = new(table, partition, write.Row);

        // Mostly the right one, sometimes one that some row has or had.
        var etag = write.ETag > 1 && model.ETagOf(address) is { } current ? current : oldETags[write.Value % oldETags.Count];
        return write.Kind switch
        {
            RowOperationKind.Insert => RowOperation.Insert(address, Value(write.Value)),
            RowOperationKind.Replace => RowOperation.Replace(address, Value(write.Value), etag),
            RowOperationKind.Upsert => RowOperation.Upsert(address, Value(write.Value)),
            RowOperationKind.Delete => RowOperation.Delete(address, write.ETag % 2 == 0 ? etag : null),
            RowOperationKind.Exists => RowOperation.Exists(address),
            _ => throw new ArgumentOutOfRangeException(nameof(write)),
        };
    }
}
