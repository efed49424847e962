using System.Runtime.CompilerServices;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Storage;

namespace Serverless.Server.Flows;

/// <summary>Flows: a name under which runs and deployments are found.</summary>
public sealed class FlowService(IRowStore store, TimeProvider time, IIdGenerator ids)
{
    /// <summary>Creates a flow, or gives the one of that name.</summary>
    public async Task<FlowCreated> CreateAsync(FlowCreate request, CancellationToken cancellationToken = default)
    {
        var address = FlowKeys.ByName(request.Name);
        while (true)
        {
            if (await store.GetAsync(address, cancellationToken) is { } row)
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
            commit.AddDerived(RowOperation.Upsert(FlowKeys.ById(flow.Id), new RowProperties { { FlowKeys.NameProperty, flow.Name } }));
            if ((await store.CommitAsync(commit, cancellationToken)).Succeeded)
            {
                return new FlowCreated(flow, Created: true);
            }
        }
    }

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
