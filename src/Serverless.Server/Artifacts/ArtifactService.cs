using System.Runtime.CompilerServices;
using Serverless.Core.Filters;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Queries;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Artifacts;

/// <summary>Artifacts: what runs left for people to look at.</summary>
public sealed class ArtifactService
{
    private readonly IRowStore _store;
    private readonly TimeProvider _time;
    private readonly IIdGenerator _ids;
    private readonly FlowService _flows;
    private readonly DeploymentService _deployments;
    private readonly RunReader _reader;
    private readonly CommitRetry _retry;

    internal ArtifactService(
        IRowStore store,
        TimeProvider time,
        IIdGenerator ids,
        FlowService flows,
        DeploymentService deployments,
        RunReader reader,
        CommitRetry retry
    )
    {
        _store = store;
        _time = time;
        _ids = ids;
        _flows = flows;
        _deployments = deployments;
        _reader = reader;
        _retry = retry;
    }

    /// <summary>
    /// Writes a new artifact; one of the same id that exists already is returned as it is. Null when its flow run was deleted.
    /// </summary>
    /// <param name="artifact">The artifact; a stable id makes repeating the call harmless, an empty one is replaced by a new one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Artifact?> CreateAsync(Artifact artifact, CancellationToken cancellationToken = default)
    {
        if (artifact.FlowRunId is { } flowRunId && await _reader.FlowRunAsync(flowRunId, cancellationToken) is null)
        {
            return null;
        }

        var now = WireClock.Now(_time);
        artifact = artifact with { Id = artifact.Id == Guid.Empty ? _ids.NewId() : artifact.Id, Created = now, Updated = now };
        return await _retry.RunAsync<Artifact>(
            async token =>
                (await _store.CommitAsync(ArtifactRows.Insert(artifact), token)).Succeeded ? artifact
                : await GetAsync(artifact.Id, token) is { } stored ? stored
                : default(TryResult<Artifact>),
            cancellationToken
        );
    }

    /// <summary>Deletes the artifacts of a deleted flow run.</summary>
    internal async Task DeleteOfFlowRunAsync(Guid flowRunId, CancellationToken cancellationToken)
    {
        var list = RowRange.Partition(ArtifactKeys.Lists, ArtifactKeys.ListByFlowRun(flowRunId));
        await foreach (var row in _store.ScanAsync(list, pageSize: 100, cancellationToken))
        {
            if (await GetAsync(ArtifactKeys.ListRowArtifact(row.RowKey), cancellationToken) is { } artifact)
            {
                await _store.CommitAsync(ArtifactRows.Delete(artifact), cancellationToken);
            }
        }
    }

    /// <summary>Deletes an artifact; false when there is none.</summary>
    internal async Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await GetAsync(id, cancellationToken) is not { } artifact)
        {
            return false;
        }

        await _store.CommitAsync(ArtifactRows.Delete(artifact), cancellationToken);
        return true;
    }

    /// <summary>The artifacts that were created before a time, newest first, with their places in the list.</summary>
    /// <param name="before">The time.</param>
    /// <param name="from">The place to begin at; null for the first.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async IAsyncEnumerable<(string Place, Artifact? Artifact)> ReadOldAsync(
        DateTimeOffset before,
        string? from,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var first = RunKeys.InvertedTicks(before);
        var list = RowRange.Partition(ArtifactKeys.Lists, ArtifactKeys.AllArtifacts) with
        {
            FromRow = string.CompareOrdinal(from, first) > 0 ? from : first,
        };
        await foreach (var row in _store.ScanAsync(list, cancellationToken: cancellationToken))
        {
            yield return (row.RowKey, await ListedAsync(ArtifactKeys.ListRowArtifact(row.RowKey), cancellationToken));
        }
    }

    /// <summary>An artifact; null when there is none.</summary>
    public async Task<Artifact?> GetAsync(Guid id, CancellationToken cancellationToken = default) =>
        await _store.GetAsync(ArtifactKeys.Artifact(id), cancellationToken) is { } row ? RowDocs.Read<Artifact>(row) : null;

    /// <summary>The artifacts that a query matches, in its order.</summary>
    public Task<IReadOnlyList<Artifact>> FilterAsync(ArtifactQuery query, CancellationToken cancellationToken = default) =>
        Page.Of(query.Offset, query.Limit).SortAsync(MatchAsync(query, cancellationToken), query.Sort.Comparer());

    private static IEnumerable<string> Lists(ArtifactFilter? filter) =>
        filter switch
        {
            { Operator: Operator.And, FlowRunId: { Operator: Operator.And, Any: { } flowRuns } } => flowRuns
                .Distinct()
                .Select(ArtifactKeys.ListByFlowRun),
            { Operator: Operator.And, TaskRunId: { Operator: Operator.And, Any: { } taskRuns } } => taskRuns
                .Distinct()
                .Select(ArtifactKeys.ListByTaskRun),
            { Operator: Operator.And, Key: { Operator: Operator.And, Any: { } keys } } => keys.Distinct().Select(ArtifactKeys.ListByKey),
            _ => [ArtifactKeys.AllArtifacts],
        };

    private async IAsyncEnumerable<Artifact> MatchAsync(ArtifactQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RelatedFilters filters = new(query, _store, _flows, _deployments);
        await foreach (var artifact in CandidatesAsync(query.Artifacts, cancellationToken))
        {
            if ((query.Artifacts?.Matches(artifact) ?? true) && await MatchRunAsync(artifact, query, filters, cancellationToken))
            {
                yield return artifact;
            }
        }
    }

    private async IAsyncEnumerable<Artifact> CandidatesAsync(
        ArtifactFilter? filter,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (filter is { Operator: Operator.And, Id: { Operator: Operator.And, Any: { } ids } })
        {
            foreach (var id in ids.Distinct())
            {
                if (await ListedAsync(id, cancellationToken) is { } artifact)
                {
                    yield return artifact;
                }
            }

            yield break;
        }

        foreach (var list in Lists(filter))
        {
            await foreach (var row in _store.ScanAsync(RowRange.Partition(ArtifactKeys.Lists, list), cancellationToken: cancellationToken))
            {
                if (await ListedAsync(ArtifactKeys.ListRowArtifact(row.RowKey), cancellationToken) is { } artifact)
                {
                    yield return artifact;
                }
            }
        }
    }

    private async Task<Artifact?> ListedAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(id, cancellationToken);
        }
        catch (RowDamagedException)
        {
            // A list does not fail for one row; the store has reported it.
            return null;
        }
    }

    private async ValueTask<bool> MatchRunAsync(
        Artifact artifact,
        ArtifactQuery query,
        RelatedFilters filters,
        CancellationToken cancellationToken
    )
    {
        if (
            query.TaskRuns is { } taskRuns
            && (
                artifact.TaskRunId is not { } taskRunId
                || await _reader.ListedTaskRunAsync(taskRunId, cancellationToken) is not { TaskRun: { } taskRun }
                || !taskRuns.Matches(taskRun)
            )
        )
        {
            return false;
        }

        return query is { Flows: null, FlowRuns: null, Deployments: null }
            || (
                artifact.FlowRunId is { } flowRunId
                && await _reader.ListedFlowRunAsync(flowRunId, cancellationToken) is { } flowRun
                && await filters.MatchFlowRunAsync(flowRun, cancellationToken)
            );
    }
}
