using Azure;
using Azure.Data.Tables;
using Serverless.Storage.Azure.Entities;

namespace Serverless.Storage.Azure.Commits;

/// <summary>One action of a transaction.</summary>
/// <param name="Role">What stands behind it.</param>
/// <param name="Key">The entity.</param>
/// <param name="Type">What the service does.</param>
/// <param name="ETag">The condition, for replacements and deletes.</param>
/// <param name="Draft">What is written; null for deletes and existence checks.</param>
internal sealed record EntityAction(
    EntityActionRole Role,
    EntityKey Key,
    TableTransactionActionType Type,
    ETag ETag,
    EntityDraft? Draft = null
)
{
    /// <summary>True for a delete that is fine when the row is absent.</summary>
    public bool IsLenientDelete => Type == TableTransactionActionType.Delete && ETag == ETag.All;

    /// <summary>True when the row may be in any state, or need only be there.</summary>
    public bool IsUnconditional => Type == TableTransactionActionType.UpsertReplace || ETag == ETag.All;

    public static EntityAction Upsert(EntityActionRole role, EntityDraft draft) =>
        new(role, draft.Key, TableTransactionActionType.UpsertReplace, default, draft);

    public static EntityAction Delete(EntityActionRole role, EntityKey key) => new(role, key, TableTransactionActionType.Delete, ETag.All);

    public static EntityAction Of(EntityKey key, RowOperation operation, EntityDraft? draft) =>
        operation.Kind switch
        {
            RowOperationKind.Insert => new(EntityActionRole.Operation, key, TableTransactionActionType.Add, default, draft),
            RowOperationKind.Replace => new(
                EntityActionRole.Operation,
                key,
                TableTransactionActionType.UpdateReplace,
                RowETag.Parse(operation.ExpectedETag!).Value,
                draft
            ),
            RowOperationKind.Upsert => Upsert(EntityActionRole.Operation, draft!),
            RowOperationKind.Delete when operation.ExpectedETag is { } expected => new(
                EntityActionRole.Operation,
                key,
                TableTransactionActionType.Delete,
                RowETag.Parse(expected).Value
            ),
            RowOperationKind.Delete => Delete(EntityActionRole.Operation, key),

            // A merge of nothing: needs the row, changes only its ETag.
            RowOperationKind.Exists => new(EntityActionRole.Operation, key, TableTransactionActionType.UpdateMerge, ETag.All),
            _ => throw new ArgumentException($"Unknown kind of operation: {operation.Kind}.", nameof(operation)),
        };

    public TableTransactionAction ToAction(string commitId) =>
        new(Type, Draft?.ToEntity(commitId) ?? new TableEntity(Key.PartitionKey, Key.RowKey), ETag);
}
