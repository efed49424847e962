using System.Globalization;
using System.Runtime.CompilerServices;
using Serverless.Storage;

namespace Serverless.Server.Deployments;

/// <summary>
/// The deployments by the time at which the scheduler has to look at them, so that it reads no others. A derived row each, whose key is
/// used once.
/// </summary>
internal sealed class DueDeployments(IRowStore store)
{
    /// <summary>The table.</summary>
    public const string Table = "duedeployments";

    private const string Partition = "due";
    private const string FlowProperty = "flow";
    private const string NameProperty = "name";

    /// <summary>Adds the writes that make the list show a deployment as it will be; null for none.</summary>
    public static void Update(RowCommit commit, StoredDeployment? before, StoredDeployment? after)
    {
        var left = AddressOf(before);
        var entered = AddressOf(after);
        if (left == entered)
        {
            return;
        }

        if (left is { } old)
        {
            commit.AddDerived(RowOperation.Delete(old));
        }

        if (entered is { } due)
        {
            commit.AddDerived(
                RowOperation.Upsert(due, new RowProperties { { FlowProperty, after!.FlowName }, { NameProperty, after.Deployment.Name } })
            );
        }
    }

    /// <summary>The deployments that are due, the longest due first. One may be named that is not due any more.</summary>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async IAsyncEnumerable<DueDeployment> ReadAsync(DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RowRange range = new(Table, Partition, Partition, null, TicksOf(now.AddTicks(1)));
        await foreach (var row in store.ScanAsync(range, pageSize: 1000, cancellationToken))
        {
            yield return new DueDeployment(
                row.Properties.Get<string>(FlowProperty)!,
                row.Properties.Get<string>(NameProperty)!,
                row.RowKey
            );
        }
    }

    /// <summary>Removes an entry unless it is the deployment's own: a late repetition of a write left it.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="stored">The deployment as it is; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task RemoveIfDeadAsync(DueDeployment entry, StoredDeployment? stored, CancellationToken cancellationToken)
    {
        if (AddressOf(stored)?.RowKey != entry.RowKey)
        {
            RowAddress address = new(Table, Partition, entry.RowKey);
            await store.CommitAsync(new RowCommit().Add(RowOperation.Delete(address)), cancellationToken);
        }
    }

    private static RowAddress? AddressOf(StoredDeployment? stored) =>
        stored is { Deployment.Id: var id, Plan: { Due: { } due, Serial: var serial } }
            ? new RowAddress(Table, Partition, string.Create(CultureInfo.InvariantCulture, $"{TicksOf(due)}|{id:N}|{serial}"))
            : null;

    private static string TicksOf(DateTimeOffset time) => time.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);
}
