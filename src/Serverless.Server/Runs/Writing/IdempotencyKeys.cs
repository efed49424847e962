using Serverless.Storage;

namespace Serverless.Server.Runs.Writing;

/// <summary>Which run an idempotency key of a flow stands for: a row that is there before the run is.</summary>
internal sealed class IdempotencyKeys(IRowStore store, CommitRetry retry)
{
    private const string RunProperty = "run";

    /// <summary>The run of a key, which is <paramref name="id"/> if the key is new.</summary>
    /// <param name="flowId">The flow.</param>
    /// <param name="key">The key.</param>
    /// <param name="id">The id of a new run.</param>
    /// <param name="deleted">A run of the key that was deleted: the key passes on to the new one. Null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<Guid> ReserveAsync(Guid flowId, string key, Guid id, Guid? deleted, CancellationToken cancellationToken)
    {
        var address = RunKeys.Reservation(flowId, key);
        RowProperties properties = new() { { RunProperty, id } };
        return retry.RunAsync<Guid>(
            async token =>
            {
                var row = await store.GetAsync(address, token);
                if (row?.Properties.Get<Guid>(RunProperty) is { } reserved && reserved != deleted)
                {
                    return reserved;
                }

                RowCommit commit = new();
                commit.Add(row is null ? RowOperation.Insert(address, properties) : RowOperation.Replace(address, properties, row.ETag));
                return (await store.CommitAsync(commit, token)).Succeeded ? id : default(TryResult<Guid>);
            },
            cancellationToken
        );
    }

    /// <summary>Gives a deleted run's key free, unless it has passed on.</summary>
    public async Task ReleaseAsync(Guid flowId, string key, Guid flowRunId, CancellationToken cancellationToken)
    {
        var address = RunKeys.Reservation(flowId, key);
        if (await store.GetAsync(address, cancellationToken) is { } row && row.Properties.Get<Guid>(RunProperty) == flowRunId)
        {
            await store.CommitAsync(new RowCommit().Add(RowOperation.Delete(address, row.ETag)), cancellationToken);
        }
    }
}
