using Azure.Core;

namespace Azure.Data.Tables.Internal;

/// <summary>One change of an entity as the service takes it, on its own or in a transaction.</summary>
/// <param name="Method">The request's method.</param>
/// <param name="Path">What it addresses, escaped.</param>
/// <param name="IfMatch">The condition; null for none.</param>
/// <param name="Body">The entity as JSON; null for none.</param>
internal sealed record EntityRequest(RequestMethod Method, string Path, string IfMatch, byte[] Body)
{
    /// <summary>A condition that any version of the entity meets, but its absence does not.</summary>
    private static readonly string Any = ETag.All.ToString();

    public static EntityRequest Add(string table, ITableEntity entity)
        => new(RequestMethod.Post, table, null, EntityJson.Write(entity));

    public static EntityRequest Write(string table, ITableEntity entity, TableUpdateMode mode, ETag ifMatch = default)
        => new(
            mode switch
            {
                TableUpdateMode.Replace => RequestMethod.Put,
                TableUpdateMode.Merge => RequestMethod.Patch,
                _ => throw new ArgumentException($"Unexpected value for {nameof(mode)}: {mode}", nameof(mode)),
            },
            PathOf(table, entity.PartitionKey, entity.RowKey),
            ifMatch == default ? null : ifMatch.ToString(),
            EntityJson.Write(entity));

    public static EntityRequest Delete(string table, string partitionKey, string rowKey, ETag ifMatch)
        => new(RequestMethod.Delete, PathOf(table, partitionKey, rowKey), ifMatch == default ? Any : ifMatch.ToString(), null);

    public static EntityRequest Of(string table, TableTransactionAction action)
        => action.ActionType switch
        {
            TableTransactionActionType.Add => Add(table, action.Entity),
            TableTransactionActionType.UpdateMerge => Write(table, action.Entity, TableUpdateMode.Merge, action.ETag),
            TableTransactionActionType.UpdateReplace => Write(table, action.Entity, TableUpdateMode.Replace, action.ETag),
            TableTransactionActionType.UpsertMerge => Write(table, action.Entity, TableUpdateMode.Merge),
            TableTransactionActionType.UpsertReplace => Write(table, action.Entity, TableUpdateMode.Replace),
            TableTransactionActionType.Delete => Delete(table, action.Entity.PartitionKey, action.Entity.RowKey, action.ETag),
            _ => throw new InvalidOperationException("Unknown request type."),
        };

    public static string PathOf(string table, string partitionKey, string rowKey)
        => $"{table}(PartitionKey='{Escape(partitionKey)}',RowKey='{Escape(rowKey)}')";

    private static string Escape(string key) => Uri.EscapeDataString(key.Replace("'", "''", StringComparison.Ordinal));
}
