using System.Runtime.CompilerServices;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.Validation;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Queries;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Artifacts;

/// <summary>
/// Lists of artifacts, and of the latest of each key. What is not wanted is read without its contents.
/// </summary>
public sealed class ArtifactQueries
{
    private readonly IRowStore _store;
    private readonly FlowService _flows;
    private readonly DeploymentService _deployments;
    private readonly RunReader _runs;
    private readonly ArtifactReader _reader;
    private readonly RowArtifactLists _lists;
    private readonly ColumnArtifactQueries? _columns;

    internal ArtifactQueries(
        IRowStore store,
        FlowService flows,
        DeploymentService deployments,
        RunReader runs,
        ArtifactReader reader,
        RowArtifactLists lists
    )
    {
        _store = store;
        _flows = flows;
        _deployments = deployments;
        _runs = runs;
        _reader = reader;
        _lists = lists;
        _columns = store.Columns is { } columns ? new(columns) : null;
    }

    /// <summary>The artifacts that a query matches, in its order.</summary>
    public async Task<IReadOnlyList<Artifact>> FilterAsync(ArtifactQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (_columns is { } columns)
        {
            return await columns.ListAsync(query, cancellationToken);
        }

        var page = Page.Of(query.Offset, query.Limit);
        var matches = MatchAsync(query, cancellationToken).Select(stored => stored.Artifact);
        var isInOrder = query.Sort == ArtifactSort.CreatedDesc && IdsOf(query.Artifacts) is null && Lists(query.Artifacts).Count == 1;
        var chosen = isInOrder ? await page.TakeAsync(matches) : await page.SortAsync(matches, query.Sort.Comparer());
        return await All(chosen).TakeAsync(ShowAsync(chosen, cancellationToken));
    }

    /// <summary>How many artifacts a query's filters match.</summary>
    public async Task<int> CountAsync(ArtifactQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _columns is { } columns ? await columns.CountAsync(query, cancellationToken)
            : IsWithoutFilters(query) && query.Artifacts is null
                ? await _store.ScanAsync(ArtifactKeys.ListOfAll, pageSize: 1000, cancellationToken).CountAsync(cancellationToken)
            : await MatchAsync(query, cancellationToken).CountAsync(cancellationToken);
    }

    /// <summary>The collections that a query matches, in its order.</summary>
    public async Task<IReadOnlyList<ArtifactCollection>> FilterAsync(
        ArtifactCollectionQuery query,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(query);
        if (_columns is { } columns)
        {
            return await columns.ListAsync(query, cancellationToken);
        }

        var chosen = await Page.Of(query.Offset, query.Limit)
            .SortAsync(MatchAsync(query, cancellationToken).Select(ArtifactCollections.Of), query.Sort.CollectionComparer());
        return await All(chosen).TakeAsync(ShowAsync(chosen, cancellationToken));
    }

    /// <summary>How many collections a query's filters match.</summary>
    public async Task<int> CountAsync(ArtifactCollectionQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _columns is { } columns
            ? await columns.CountAsync(query, cancellationToken)
            : await MatchAsync(query, cancellationToken).CountAsync(cancellationToken);
    }

    private async IAsyncEnumerable<StoredArtifact> MatchAsync(
        ArtifactQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        RelatedFilters filters = new(query, _store, _flows, _deployments);
        await foreach (var stored in CandidatesAsync(query.Artifacts, cancellationToken))
        {
            if (
                (query.Artifacts?.Matches(stored.Artifact) ?? true)
                && await MatchRunsAsync(stored.Artifact, query, filters, cancellationToken)
            )
            {
                yield return stored;
            }
        }
    }

    private async IAsyncEnumerable<StoredArtifact> MatchAsync(
        ArtifactCollectionQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        RelatedFilters filters = new(query, _store, _flows, _deployments);
        await foreach (var latest in CandidatesAsync(query.Artifacts, cancellationToken))
        {
            if (
                (query.Artifacts?.Matches(latest.Artifact) ?? true)
                && await MatchRunsAsync(latest.Artifact, query, filters, cancellationToken)
            )
            {
                yield return latest;
            }
        }
    }

    private async IAsyncEnumerable<StoredArtifact> CandidatesAsync(
        ArtifactFilter? filter,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (IdsOf(filter) is { } ids)
        {
            foreach (var id in ids.Distinct())
            {
                if (await _reader.ListedAsync(id, cancellationToken) is { } stored)
                {
                    yield return stored;
                }
            }

            yield break;
        }

        foreach (var list in Lists(filter))
        {
            await foreach (var stored in _lists.ListAsync(list, cancellationToken))
            {
                yield return stored;
            }
        }
    }

    /// <summary>The latest artifacts of the keys that a filter may want.</summary>
    private async IAsyncEnumerable<StoredArtifact> CandidatesAsync(
        ArtifactCollectionFilter? filter,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        // The latest of a key is one of those that the filter names, if it matches.
        ArtifactFilter? named = filter switch
        {
            { Operator: Operator.And, LatestId: { Operator: Operator.And, Any: not null } id } => new() { Id = id },
            { Operator: Operator.And, FlowRunId: { Operator: Operator.And, Any: not null } id } => new() { FlowRunId = id },
            { Operator: Operator.And, TaskRunId: { Operator: Operator.And, Any: not null } id } => new() { TaskRunId = id },
            _ => null,
        };
        var keys =
            filter is { Operator: Operator.And, Key: { Operator: Operator.And, Any: { } any } } ? any.ToAsyncEnumerable()
            : named is null ? null
            : CandidatesAsync(named, cancellationToken).Select(stored => stored.Artifact.Key).OfType<string>();
        if (keys is null)
        {
            await foreach (var latest in _lists.LatestOfAllAsync(cancellationToken))
            {
                yield return latest;
            }

            yield break;
        }

        await foreach (var key in keys.Distinct(StringComparer.Ordinal).WithCancellation(cancellationToken))
        {
            if (await _lists.LatestAsync(key, cancellationToken) is { } latest)
            {
                yield return latest;
            }
        }
    }

    private static IReadOnlyList<Guid>? IdsOf(ArtifactFilter? filter) =>
        filter is { Operator: Operator.And, Id: { Operator: Operator.And, Any: { } any } } ? any : null;

    private static IReadOnlyList<RowRange> Lists(ArtifactFilter? filter) =>
        filter switch
        {
            { Operator: Operator.And, FlowRunId: { Operator: Operator.And, Any: { } runs } } =>
            [
                .. runs.Distinct().Select(ArtifactKeys.ListOfFlowRun),
            ],
            { Operator: Operator.And, TaskRunId: { Operator: Operator.And, Any: { } runs } } =>
            [
                .. runs.Distinct().Select(ArtifactKeys.ListOfTaskRun),
            ],
            { Operator: Operator.And, Key: { Operator: Operator.And, Any: { } keys } } =>
            [
                .. keys.Where(ArtifactKeyAttribute.IsKey).Distinct(StringComparer.Ordinal).Select(ArtifactKeys.ListOfKey),
            ],
            _ => [ArtifactKeys.ListOfAll],
        };

    private static bool IsWithoutFilters(RunFilters query) => query is { Flows: null, FlowRuns: null, TaskRuns: null, Deployments: null };

    private async ValueTask<bool> MatchRunsAsync(
        Artifact artifact,
        RunFilters query,
        RelatedFilters filters,
        CancellationToken cancellationToken
    )
    {
        if (
            query.TaskRuns is { } taskRuns
            && (
                artifact.TaskRunId is not { } taskRunId
                || await _runs.ListedTaskRunAsync(taskRunId, cancellationToken) is not { TaskRun: { } taskRun }
                || !taskRuns.Matches(taskRun)
            )
        )
        {
            return false;
        }

        return query is { Flows: null, FlowRuns: null, Deployments: null }
            || (
                artifact.FlowRunId is { } flowRunId
                && await _runs.ListedFlowRunAsync(flowRunId, cancellationToken) is { } flowRun
                && await filters.MatchFlowRunAsync(flowRun, cancellationToken)
            );
    }

    /// <summary>A page of all that was chosen for one.</summary>
    private static Page All<T>(IReadOnlyList<T> chosen) => new(0, chosen.Count);

    private async IAsyncEnumerable<Artifact> ShowAsync(
        IReadOnlyList<Artifact> chosen,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        foreach (var artifact in chosen)
        {
            if (await _reader.ShownAsync(artifact.Id, cancellationToken) is { } whole)
            {
                yield return whole;
            }
        }
    }

    private async IAsyncEnumerable<ArtifactCollection> ShowAsync(
        IReadOnlyList<ArtifactCollection> chosen,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        foreach (var collection in chosen)
        {
            if (await _reader.ShownAsync(collection.LatestId, cancellationToken) is { } whole)
            {
                yield return collection with
                {
                    Updated = whole.Updated,
                    Data = whole.Data,
                    Description = whole.Description,
                    Metadata = whole.Metadata,
                };
            }
        }
    }
}
