using Serverless.Storage.Columns;

namespace Serverless.Storage;

/// <summary>
/// A unit of change: operations on one partition of one table, applied all or none, and the rows derived
/// from them (indexes, outbox entries) in other partitions or tables. On SQLite everything is one
/// transaction. On Azure Tables the operations are one entity-group transaction with an outbox row from
/// which the derived rows are applied, again after a crash if need be; therefore derived operations are
/// only upserts and unconditional deletes, and a reader verifies an index hit against its primary row.
/// Derived rows must commute, since a late repetition may meet those of a later commit: an address that one commit
/// deletes is not written again by a later one. Then a repetition can leave a dead row behind, but never take a live one.
/// </summary>
public sealed class RowCommit
{
    private readonly List<RowOperation> _operations = [];
    private readonly List<RowOperation> _derived = [];
    private readonly List<ColumnChange> _columns = [];

    /// <summary>The writes of the one partition, at least one and at most 100 (99 with derived rows), each to another row.</summary>
    public IReadOnlyList<RowOperation> Operations => _operations;

    /// <summary>The derived rows; only <see cref="RowOperationKind.Upsert"/> and <see cref="RowOperationKind.Delete"/>.</summary>
    public IReadOnlyList<RowOperation> Derived => _derived;

    /// <summary>What the columns hold that stand for the rows; of no concern to a store that keeps none.</summary>
    public IReadOnlyList<ColumnChange> Columns => _columns;

    /// <summary>Adds an operation on the commit's partition.</summary>
    /// <exception cref="ArgumentException">It names another table or partition than the first one.</exception>
    public RowCommit Add(RowOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        if (_operations.Count > 0)
        {
            var first = _operations[0].Address;
            if (first.Table != operation.Address.Table || first.PartitionKey != operation.Address.PartitionKey)
            {
                throw new ArgumentException(
                    $"'{operation.Address}' is outside the commit's partition '{first.Table}/{first.PartitionKey}'.",
                    nameof(operation)
                );
            }
        }

        _operations.Add(operation);
        return this;
    }

    /// <summary>Adds a derived row.</summary>
    /// <exception cref="ArgumentException">The operation is conditional.</exception>
    public RowCommit AddDerived(RowOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        if (operation.Kind is not (RowOperationKind.Upsert or RowOperationKind.Delete) || operation.ExpectedETag is not null)
        {
            throw new ArgumentException(
                $"A derived row accepts only unconditional upserts and deletes, not {operation.Kind} of '{operation.Address}'.",
                nameof(operation)
            );
        }

        _derived.Add(operation);
        return this;
    }

    /// <summary>Adds a change of columns.</summary>
    public RowCommit AddColumns(ColumnChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        _columns.Add(change);
        return this;
    }
}
