using Microsoft.Extensions.Hosting;
using Serverless.Storage;

namespace Serverless.Server;

/// <summary>
/// The version of the layout of rows, which stands in the store since its first start. There is no way from one to another before the first
/// release: a store of another version is refused, before anything else starts.
/// </summary>
internal sealed class StorageLayout(IRowStore store) : IHostedLifecycleService
{
    /// <summary>
    /// Layout 9 has the log lines of task runs without a flow run in partitions of their own.
    /// </summary>
    public const int Version = 9;

    private const string VersionProperty = "version";

    private static readonly RowAddress Address = new("settings", "server", "layout");

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (await store.GetAsync(Address, cancellationToken) is not { } row)
        {
            // Rows were written before there was a version; they have no place for one.
            var isNew = (await store.QueryAsync(RowRange.WholeTable(Runs.RunKeys.Runs), 1, null, cancellationToken)).Rows.Count == 0;
            if (!isNew)
            {
                throw Refusal(1);
            }

            await store.CommitAsync(
                new RowCommit().Add(RowOperation.Upsert(Address, new RowProperties { { VersionProperty, Version } })),
                cancellationToken
            );
        }
        else if (row.Properties.Get<int>(VersionProperty) is var version && version != Version)
        {
            throw Refusal(version);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static RowStoreOpenException Refusal(int version) =>
        new(
            $"The data was written by another version of this app (layout {version}; this one reads layout {Version}). Start with an "
                + "empty data folder or storage account."
        );
}
