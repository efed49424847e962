using Serverless.Storage;

namespace Serverless.Server.Runs.Writing;

/// <summary>
/// Deletes derived rows of runs that stand for nothing any more: a derived row that is written late, or twice, can outlive what it stands
/// for. Readers pass over such rows, and have them removed here.
/// </summary>
internal sealed class DeadRows(IRowStore store)
{
    /// <summary>The most rows that one call removes.</summary>
    public const int MostAtOnce = 100;

    /// <summary>Deletes rows of one partition.</summary>
    public async Task DeleteAsync(string table, IReadOnlyCollection<Row> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
        {
            return;
        }

        RowCommit commit = new();
        foreach (var row in rows)
        {
            commit.Add(RowOperation.Delete(new RowAddress(table, row.PartitionKey, row.RowKey)));
        }

        await store.CommitAsync(commit, cancellationToken);
    }
}
