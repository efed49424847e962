using System.Runtime.CompilerServices;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Flows;

/// <summary>Flows: a name under which runs and deployments are found.</summary>
public sealed class FlowService(IRowStore store, TimeProvider time, IIdGenerator ids, CommitRetry retry)
{
    /// <summary>Creates a flow, or returns the one of that name.</summary>
    public Task<FlowCreated> CreateAsync(FlowCreate request, CancellationToken cancellationToken = default) =>
        retry.RunAsync<FlowCreated>(
            async token =>
            {
                var address = FlowKeys.ByName(request.Name);
                if (await store.GetAsync(address, token) is { } row)
                {
                    return new FlowCreated(RowDocs.Read<Flow>(row), Created: false);
                }

                var now = WireClock.Now(time);
                Flow flow = new()
                {
                    Id = ids.NewId(),
                    Created = now,
                    Updated = now,
                    Name = request.Name,
                    Tags = request.Tags,
                    Labels = request.Labels ?? JsonObjects.Empty,
                };
                RowCommit commit = new();
                commit.Add(RowOperation.Insert(address, RowDocs.Of(flow)));
                commit.AddColumns(FlowColumns.Change(null, flow));
                commit.AddDerived(RowOperation.Upsert(FlowKeys.ById(flow.Id), new RowProperties { { FlowKeys.NameProperty, flow.Name } }));
                return (await store.CommitAsync(commit, token)).Succeeded
                    ? new FlowCreated(flow, Created: true)
                    : default(TryResult<FlowCreated>);
            },
            cancellationToken
        );

    /// <summary>A flow by its name; null when there is none.</summary>
    public async Task<Flow?> GetAsync(string name, CancellationToken cancellationToken = default) =>
        await store.GetAsync(FlowKeys.ByName(name), cancellationToken) is { } row ? RowDocs.Read<Flow>(row) : null;

    /// <summary>A flow by its id; null when there is none.</summary>
    public async Task<Flow?> GetAsync(Guid id, CancellationToken cancellationToken = default) =>
        await store.GetAsync(FlowKeys.ById(id), cancellationToken) is { } row
        && await GetAsync(row.Properties.Get<string>(FlowKeys.NameProperty)!, cancellationToken) is { } flow
        && flow.Id == id
            ? flow
            : null;

    /// <summary>All flows, in the order of their keys.</summary>
    internal async IAsyncEnumerable<Flow> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in store.ScanAsync(RowRange.WholeTable(FlowKeys.Flows), cancellationToken: cancellationToken))
        {
            yield return RowDocs.Read<Flow>(row);
        }
    }
}
