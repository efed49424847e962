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

    /// <summary>Changes a flow. False when there is no such flow.</summary>
    public Task<bool> UpdateAsync(Guid id, FlowUpdate update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        return ChangeAsync(
            id,
            (address, row, flow) =>
            {
                if (update.Tags is not { } tags || tags.Distinct().SequenceEqual(flow.Tags))
                {
                    return null;
                }

                var changed = flow with { Tags = [.. tags.Distinct()], Updated = WireClock.Now(time) };
                return new RowCommit()
                    .Add(RowOperation.Replace(address, RowDocs.Of(changed), row.ETag))
                    .AddColumns(FlowColumns.Change(flow, changed));
            },
            cancellationToken
        );
    }

    /// <summary>Deletes a flow, but for what belongs to it. False when there is no such flow.</summary>
    internal Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            (address, row, flow) =>
                new RowCommit()
                    .Add(RowOperation.Delete(address, row.ETag))
                    .AddColumns(FlowColumns.Change(flow, null))
                    .AddDerived(RowOperation.Delete(FlowKeys.ById(id))),
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

    /// <summary>Makes a commit on the row of a flow; none when there is nothing to change.</summary>
    private Task<bool> ChangeAsync(Guid id, Func<RowAddress, Row, Flow, RowCommit?> change, CancellationToken cancellationToken) =>
        retry.RunAsync<bool>(
            async token =>
            {
                if (await store.GetAsync(FlowKeys.ById(id), token) is not { } derived)
                {
                    return false;
                }

                var address = FlowKeys.ByName(derived.Properties.Get<string>(FlowKeys.NameProperty)!);
                return await store.GetAsync(address, token) is not { } row || RowDocs.Read<Flow>(row) is not { } flow || flow.Id != id
                        ? false
                    : change(address, row, flow) is not { } commit || (await store.CommitAsync(commit, token)).Succeeded ? true
                    : default(TryResult<bool>);
            },
            cancellationToken
        );

    /// <summary>All flows, in the order of their keys.</summary>
    internal async IAsyncEnumerable<Flow> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in store.ScanAsync(RowRange.WholeTable(FlowKeys.Flows), cancellationToken: cancellationToken))
        {
            yield return RowDocs.Read<Flow>(row);
        }
    }
}
