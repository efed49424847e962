using System.Net;
using Azure;
using Azure.Data.Tables;
using Serverless.Storage.Azure.Entities;
using Serverless.Storage.Azure.Wire;

namespace Serverless.Storage.Azure.Commits;

/// <summary>
/// One entity-group transaction: at most 100 actions on one partition, all or none. It creates a missing table, leaves out
/// deletions of rows that are absent, and tells its own echo from a conflict: when the client sent the transaction more than
/// once and an answer is a conflict, a row that bears the commit's id proves that an earlier try was applied.
/// </summary>
internal sealed class EntityTransaction(StoreContext context, string commitId, IReadOnlyList<EntityAction> actions)
{
    private static readonly string[] OnlyKey = [nameof(ITableEntity.RowKey)];

    private readonly List<EntityAction> _actions = [.. actions];
    private bool _ridersGone = true;
    private bool _sentTwice;

    private string Table => actions[0].Key.Table;

    /// <summary>Submits the transaction until it is applied or in conflict.</summary>
    /// <exception cref="RowStoreUnavailableException">The service does not serve; whether it was applied is unknown.</exception>
    public async Task<TransactionResult> SubmitAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var attempt = 0; _actions.Count > 0; )
            {
                var tries = TryCounter.Begin();
                try
                {
                    var answers = await context
                        .Tables[Table]
                        .SubmitTransactionAsync(_actions.Select(action => action.ToAction(commitId)), cancellationToken);
                    return Applied(answers.Value);
                }
                catch (RequestFailedException e) when (StorageErrors.IsTableNotFound(e))
                {
                    await context.Tables.CreateAsync(Table, cancellationToken);
                }
                catch (RequestFailedException e) when (StorageErrors.IsCondition(e) && !IsCollision(e))
                {
                    _sentTwice |= tries.Tries > 1;
                    if (await ResolveAsync(e, cancellationToken) is { } result)
                    {
                        return result;
                    }
                }
                catch (RequestFailedException e) when (StorageErrors.IsCondition(e) && context.MayRetry(attempt))
                {
                    // Others write the same row at this moment, which the service answers so although nothing was required of it.
                    _sentTwice |= tries.Tries > 1;
                    await context.BackOffAsync(attempt++, cancellationToken);
                }
                catch (RequestFailedException e)
                    when (e is TableTransactionFailedException && StorageErrors.IsTransient(e) && context.MayRetry(attempt))
                {
                    // Within an accepted batch, which the client does not retry. Such a batch was not applied, mostly.
                    _sentTwice = true;
                    await context.BackOffAsync(attempt++, cancellationToken);
                }
            }

            return new(null, new Dictionary<EntityKey, ETag>(), _ridersGone);
        }
        catch (Exception e)
            when (StorageErrors.IsUnavailable(e) || (e is RequestFailedException failed && StorageErrors.IsCondition(failed)))
        {
            throw StorageErrors.Unavailable(e);
        }
    }

    private TransactionResult Applied(IReadOnlyList<Response> answers)
    {
        Dictionary<EntityKey, ETag> etags = new(_actions.Count);
        for (var i = 0; i < _actions.Count; i++)
        {
            if (_actions[i].Draft is not null && answers[i].Headers.ETag is { } etag)
            {
                etags[_actions[i].Key] = etag;
            }
        }

        return new(null, etags, _ridersGone);
    }

    private EntityAction Failed(RequestFailedException e) =>
        _actions[Math.Min((e as TableTransactionFailedException)?.FailedTransactionActionIndex ?? 0, _actions.Count - 1)];

    /// <summary>True when an action was refused for a condition that it does not have.</summary>
    private bool IsCollision(RequestFailedException e) => e.Status != (int)HttpStatusCode.NotFound && Failed(e).IsUnconditional;

    /// <summary>
    /// Decides about a refusal: the result, or null when the transaction is to be submitted again without what hindered it.
    /// </summary>
    private async Task<TransactionResult?> ResolveAsync(RequestFailedException e, CancellationToken cancellationToken)
    {
        if (_sentTwice && await FindEchoAsync(cancellationToken) is { } echo)
        {
            return echo;
        }

        var failed = Failed(e);
        if (failed.Role is EntityActionRole.Rider)
        {
            // A sweep was faster. Which of the riders it took does not matter: they are deleted later.
            _actions.RemoveAll(action => action.Role is EntityActionRole.Rider);
            _ridersGone = false;
            return null;
        }

        if (failed.IsLenientDelete && e.Status == (int)HttpStatusCode.NotFound)
        {
            _actions.Remove(failed);
            await RemoveAbsentDeletesAsync(cancellationToken);
            return null;
        }

        return new(failed.Key, new Dictionary<EntityKey, ETag>(), RidersGone: false);
    }

    /// <summary>Where one row is absent others may be: they are looked up at once instead of failing one after the other.</summary>
    private async Task RemoveAbsentDeletesAsync(CancellationToken cancellationToken)
    {
        EntityAction[] deletes = [.. _actions.Where(action => action.IsLenientDelete && action.Role is EntityActionRole.Operation)];
        await context.ForEachAsync(
            deletes,
            async action =>
            {
                var found = await context
                    .Tables[Table]
                    .GetEntityIfExistsAsync<TableEntity>(action.Key.PartitionKey, action.Key.RowKey, OnlyKey, cancellationToken);
                if (!found.HasValue)
                {
                    lock (_actions)
                    {
                        _actions.Remove(action);
                    }
                }
            }
        );
    }

    /// <summary>The result of an earlier try that was applied, or null when none was.</summary>
    private async Task<TransactionResult?> FindEchoAsync(CancellationToken cancellationToken)
    {
        EntityAction[] written =
        [
            .. _actions.Where(action => action.Draft is not null).OrderBy(action => action.Role is EntityActionRole.Journal ? 0 : 1),
        ];
        if (written.Length == 0)
        {
            return await FindDeletionsEchoAsync(cancellationToken);
        }

        Dictionary<EntityKey, ETag> etags = [];
        var applied = false;
        await context.ForEachAsync(
            written,
            async action =>
            {
                var found = await context
                    .Tables[Table]
                    .GetEntityIfExistsAsync<TableEntity>(action.Key.PartitionKey, action.Key.RowKey, null, cancellationToken);
                lock (etags)
                {
                    var own =
                        found.HasValue
                        && found.Value!.TryGetValue(EntityDraft.CommitId, out var id)
                        && id is string text
                        && text == commitId;
                    applied |= own;

                    // What somebody has overwritten since has an ETag that the caller must not get.
                    etags[action.Key] = own ? found.Value!.ETag : RowETag.Parse(RowETag.Overwritten).Value;
                }
            }
        );
        return applied ? new(null, etags, _ridersGone) : null;
    }

    /// <summary>
    /// A transaction that only deletes leaves no trace. When all that it deletes is gone, that is what it wanted. (Two that
    /// compete to delete a row can both hear success, if the answer to one of them was lost.)
    /// </summary>
    private async Task<TransactionResult?> FindDeletionsEchoAsync(CancellationToken cancellationToken)
    {
        var anyLeft = false;
        await context.ForEachAsync(
            [.. _actions.Where(action => action.Type == TableTransactionActionType.Delete)],
            async action =>
                anyLeft |= (
                    await context
                        .Tables[Table]
                        .GetEntityIfExistsAsync<TableEntity>(action.Key.PartitionKey, action.Key.RowKey, OnlyKey, cancellationToken)
                ).HasValue
        );
        return anyLeft || _actions.TrueForAll(action => action.Type != TableTransactionActionType.Delete)
            ? null
            : new(null, new Dictionary<EntityKey, ETag>(), _ridersGone);
    }
}
