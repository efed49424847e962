using Serverless.Server.Runs;
using Serverless.Server.Tests.Architecture;
using Serverless.Storage;
using Serverless.Storage.Columns;
using Serverless.Testing;

namespace Serverless.Server.Tests;

/// <summary>A store that lets a test act just before a commit, or fail in its place.</summary>
internal sealed class InterceptedRowStore(IRowStore inner, bool hasColumns = true) : IRowStore, IStoreHealth
{
    public IColumnStore? Columns =>
        hasColumns && inner.Columns is { } columns
            ? new ObservedColumnStore(columns, QueriedAsync)
            {
                IsDamaged = (_, hit) => hit.Row is { } row && Damaged.Any(damaged => IsAt(row, damaged)),
            }
            : null;

    /// <summary>Rows that cannot be read.</summary>
    public HashSet<RowAddress> Damaged { get; } = [];

    public StoreHealth Health { get; set; } = new(null, [], 0);

    public long Bytes => (inner as IStoreHealth)?.Bytes ?? 0;

    /// <summary>Called before each commit.</summary>
    public Func<RowCommit, Task>? BeforeCommit { get; set; }

    /// <summary>Called before each read of a row.</summary>
    public Func<RowAddress, Task>? BeforeRead { get; set; }

    /// <summary>Called before each page of a range; may fail.</summary>
    public Action<RowRange>? BeforeQuery { get; set; }

    /// <summary>Called after each commit, before its answer comes.</summary>
    public Action<RowCommit>? AfterCommit { get; set; }

    /// <summary>Called by whoever waits for the disk; may hold it up, or fail.</summary>
    public Func<Task>? BeforeDurable { get; set; }

    public int Commits { get; private set; }

    public int Reads { get; private set; }

    public int Queries { get; private set; }

    /// <summary>Runs <paramref name="action"/> before the next commit of a table, once.</summary>
    public void Once(string table, Func<Task> action) =>
        BeforeCommit = async commit =>
        {
            if (commit.Operations[0].Address.Table == table)
            {
                BeforeCommit = null;
                await action();
            }
        };

    public ValueTask<Row?> GetAsync(RowAddress address, CancellationToken cancellationToken = default)
    {
        Reads++;
        return Damaged.Contains(address) ? throw new RowDamagedException("It is damaged.")
            : BeforeRead is null ? inner.GetAsync(address, cancellationToken)
            : ReadAsync(address, cancellationToken);
    }

    private async ValueTask<Row?> ReadAsync(RowAddress address, CancellationToken cancellationToken)
    {
        await BeforeRead!(address);
        return await inner.GetAsync(address, cancellationToken);
    }

    /// <summary>A store without columns leaves out what it need not return, as Azure Tables does.</summary>
    public async ValueTask<RowPage> QueryAsync(
        RowRange range,
        int limit = 1000,
        string? continuation = null,
        CancellationToken cancellationToken = default
    )
    {
        Queries++;
        BeforeQuery?.Invoke(range);
        var page = await inner.QueryAsync(range, limit, continuation, cancellationToken);
        return hasColumns
            ? page
            : page with
            {
                Rows =
                [
                    .. page
                        .Rows.Where(row => range.Where.All(condition => condition.IsMet(row.Properties)))
                        .Select(row => range is { KeysOnly: true } ? row with { Properties = [], ETag = "" } : row),
                ],
            };
    }

    public async ValueTask<CommitResult> CommitAsync(RowCommit commit, CancellationToken cancellationToken = default)
    {
        TableOwners.Check(commit);
        if (BeforeCommit is { } before)
        {
            await before(commit);
        }

        Commits++;
        var result = await inner.CommitAsync(commit, cancellationToken);
        AfterCommit?.Invoke(commit);
        return result;
    }

    private static bool IsAt(Row row, RowAddress address) => row.PartitionKey == address.PartitionKey && row.RowKey == address.RowKey;

    private ValueTask QueriedAsync()
    {
        Queries++;
        BeforeQuery?.Invoke(RowRange.WholeTable(RunKeys.Index));
        return default;
    }

    public ValueTask WhenDurableAsync(CancellationToken cancellationToken = default) => new(BeforeDurable?.Invoke() ?? Task.CompletedTask);

    public ValueTask<int> SweepAsync(CancellationToken cancellationToken = default) => inner.SweepAsync(cancellationToken);

    /// <summary>The keys of a partition's rows.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync(string table, string partition) =>
        [.. (await inner.QueryAsync(RowRange.Partition(table, partition))).Rows.Select(row => row.RowKey)];

    /// <summary>How many rows a table has.</summary>
    public async Task<int> CountAsync(string table) => (await inner.QueryAsync(RowRange.WholeTable(table))).Rows.Count;
}
