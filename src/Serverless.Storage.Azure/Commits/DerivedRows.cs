using Serverless.Storage.Azure.Entities;

namespace Serverless.Storage.Azure.Commits;

/// <summary>Applies derived rows: one transaction for each partition that they lie in, several at once. Repeating it is harmless.</summary>
internal sealed class DerivedRows(StoreContext context)
{
    private const int MaxActions = 100;

    /// <summary>Applies the operations; of several on one row the last counts.</summary>
    /// <exception cref="RowStoreUnavailableException">Some or all were not applied.</exception>
    public Task ApplyAsync(IReadOnlyList<RowOperation> derived, string commitId, CancellationToken cancellationToken)
    {
        Dictionary<RowAddress, RowOperation> last = new(derived.Count);
        foreach (var operation in derived)
        {
            last[operation.Address] = operation;
        }

        List<List<EntityAction>> transactions = [];
        foreach (var partition in last.Values.Select(ToAction).GroupBy(action => action.Key.Partition))
        {
            transactions.AddRange(Split(partition));
        }

        return context.ForEachAsync(transactions, transaction => ApplyAsync(transaction, commitId, cancellationToken));
    }

    private static EntityAction ToAction(RowOperation operation)
    {
        var key = EntityKey.Of(operation.Address);
        return operation.Properties is { } properties
            ? EntityAction.Upsert(EntityActionRole.Operation, new(key, properties))
            : EntityAction.Delete(EntityActionRole.Operation, key);
    }

    /// <summary>Transactions of at most 100 actions, filled without spilling what need not be.</summary>
    private static IEnumerable<List<EntityAction>> Split(IEnumerable<EntityAction> actions)
    {
        List<EntityAction> transaction = [];
        long sent = 0;
        foreach (var action in actions)
        {
            var size = action.Draft?.SentBytes ?? ValueSize.Envelope + (4 * (action.Key.PartitionKey.Length + action.Key.RowKey.Length));
            if (transaction.Count == MaxActions || (transaction.Count > 0 && sent + size > ValueSize.MaxTransaction))
            {
                yield return transaction;
                transaction = [];
                sent = 0;
            }

            transaction.Add(action);
            sent += size;
        }

        yield return transaction;
    }

    private async Task ApplyAsync(List<EntityAction> transaction, string commitId, CancellationToken cancellationToken)
    {
        EntityDraft[] drafts = [.. transaction.Where(action => action.Draft is not null).Select(action => action.Draft!)];
        SpillPlan.Apply(drafts);
        await new ValueSpiller(context).WriteAsync(drafts, cancellationToken);
        var result = await new EntityTransaction(context, commitId, transaction).SubmitAsync(cancellationToken);
        if (result.Conflict is { } conflict)
        {
            // Upserts and lenient deletes have no conditions, so the service has changed its mind about something else.
            throw new RowStoreUnavailableException($"The derived row '{conflict}' could not be written.");
        }
    }
}
