using System.Diagnostics;
using System.Globalization;

namespace Serverless.Storage.Sqlite;

/// <summary>
/// Writes a group of commits as one transaction. Each commit's conditions are checked inside it, so they see the
/// commits before it in the group; a conflict leaves out that commit alone. Writer thread only.
/// </summary>
internal sealed class GroupTransaction(SqliteConnection connection, TableCatalog catalog, DurableMark mark, WriterCounters counters)
    : IDisposable
{
    private readonly Dictionary<string, WriterStatements> _statements = new(StringComparer.Ordinal);
    private readonly ETagSequence _etags = new(connection);
    private readonly ColumnChanges _columns = new(connection);
    private readonly SqliteStatement _begin = connection.Prepare("BEGIN IMMEDIATE");
    private readonly SqliteStatement _commit = connection.Prepare("COMMIT");

    /// <summary>Writes the group and sets the outcomes. When it throws, nothing of the group was written.</summary>
    /// <exception cref="SqliteErrorException">The disk is full or fails, or the database is damaged.</exception>
    public void Write(List<PendingCommit> group)
    {
        // A rollback that failed would leave the transaction of the group before.
        EndTransaction();
        foreach (var pending in group)
        {
            CreateTables(pending.Encoded);
            _columns.CreateTables(pending.Encoded.Commit, catalog);
        }

        try
        {
            _begin.Execute();
            foreach (var pending in group)
            {
                pending.Outcome = Apply(pending.Encoded);
            }

            _columns.Write();
            mark.BeforeCommit();
            _commit.Execute();
            counters.GroupWritten(group.Count);
            _etags.GroupCommitted();
            mark.AfterCommit();
        }
        catch
        {
            _columns.Clear();
            _etags.GroupRolledBack();
            mark.RolledBack();
            EndTransaction();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var statements in _statements.Values)
        {
            statements.Dispose();
        }

        _columns.Dispose();
        _begin.Dispose();
        _commit.Dispose();
    }

    // Some errors roll back by themselves.
    private void EndTransaction()
    {
        if (connection.InTransaction)
        {
            connection.Execute("ROLLBACK");
        }
    }

    private CommitResult Apply(EncodedCommit commit)
    {
        for (var i = 0; i < commit.Operations.Length; i++)
        {
            ref readonly var operation = ref commit.Operations[i];
            if (operation.HasCondition && !Holds(commit, operation))
            {
                counters.Conflict();
                return new(commit.Commit.Operations[i].Address, []);
            }
        }

        var etags = new string?[commit.Commit.Operations.Count];
        for (var i = 0; i < commit.Operations.Length; i++)
        {
            ref readonly var operation = ref commit.Operations[i];
            var etag = operation.WritesProperties ? _etags.Next() : 0;
            Apply(commit, operation, etag);
            if (i < etags.Length && etag != 0)
            {
                etags[i] = etag.ToString(CultureInfo.InvariantCulture);
            }
        }

        _columns.Add(commit.Commit);
        counters.RowsWritten(commit.Operations.Length);
        return new(null, etags);
    }

    private bool Holds(EncodedCommit commit, in EncodedOperation operation)
    {
        var etag = Statements(operation.Table).FindETag(commit, operation);
        return operation.Kind switch
        {
            RowOperationKind.Insert => etag == 0,
            RowOperationKind.Exists => etag != 0,
            _ => etag == operation.ExpectedETag,
        };
    }

    private void Apply(EncodedCommit commit, in EncodedOperation operation, long etag)
    {
        var statements = Statements(operation.Table);
        switch (operation.Kind)
        {
            case RowOperationKind.Insert:
                statements.Insert(commit, operation, etag);
                break;
            case RowOperationKind.Replace:
                statements.Update(commit, operation, etag);
                break;
            case RowOperationKind.Upsert:
                statements.Upsert(commit, operation, etag);
                break;
            case RowOperationKind.Delete:
                statements.Delete(commit, operation);
                break;
            case RowOperationKind.Exists:
                break;
            default:
                throw new UnreachableException();
        }
    }

    private WriterStatements Statements(string table)
    {
        if (!_statements.TryGetValue(table, out var statements))
        {
            _statements.Add(table, statements = new(connection, table));
        }

        return statements;
    }

    // In transactions of their own: rare, and a group that fails later leaves only an empty table.
    private void CreateTables(EncodedCommit commit)
    {
        foreach (var operation in commit.Operations)
        {
            if (!catalog.Contains(operation.Table))
            {
                connection.Execute(SqliteSchema.CreateTable(operation.Table));
                catalog.Add(operation.Table);
            }
        }
    }
}
