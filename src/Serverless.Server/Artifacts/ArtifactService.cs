using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Artifacts;

/// <summary>Artifacts: what runs left for people to look at.</summary>
public sealed class ArtifactService
{
    /// <summary>The wire's resolution of time.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMicroseconds(1);

    private readonly IRowStore _store;
    private readonly TimeProvider _time;
    private readonly IIdGenerator _ids;
    private readonly RunReader _runs;
    private readonly ArtifactReader _reader;
    private readonly IArtifactLists _lists;
    private readonly ArtifactRows _rows;
    private readonly CommitRetry _retry;

    internal ArtifactService(
        IRowStore store,
        TimeProvider time,
        IIdGenerator ids,
        RunReader runs,
        ArtifactReader reader,
        IArtifactLists lists,
        CommitRetry retry
    )
    {
        _store = store;
        _time = time;
        _ids = ids;
        _runs = runs;
        _reader = reader;
        _lists = lists;
        _rows = new(store);
        _retry = retry;
    }

    /// <summary>Writes a new artifact of a client. As in Prefect, nobody asks whether its runs are there.</summary>
    public Task<Artifact> CreateAsync(ArtifactCreate request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return WriteAsync(
            new Artifact
            {
                Id = _ids.NewId(),
                Key = request.Key,
                Type = request.Type,
                Description = request.Description,
                Data = request.Data,
                Metadata = request.Metadata,
                FlowRunId = request.FlowRunId,
                TaskRunId = request.TaskRunId,
            },
            cancellationToken
        );
    }

    /// <summary>
    /// Writes a new artifact; one of the same id that exists already is returned as it is. Null when its flow run was deleted.
    /// </summary>
    /// <param name="artifact">The artifact; a stable id makes repeating the call harmless, an empty one is replaced by a new one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Artifact?> CreateAsync(Artifact artifact, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        return artifact.FlowRunId is { } flowRunId && await _runs.FlowRunAsync(flowRunId, cancellationToken) is null
            ? null
            : await WriteAsync(artifact with { Id = artifact.Id == Guid.Empty ? _ids.NewId() : artifact.Id }, cancellationToken);
    }

    /// <summary>An artifact; null when there is none.</summary>
    public async Task<Artifact?> GetAsync(Guid id, CancellationToken cancellationToken = default) =>
        await _reader.GetAsync(id, cancellationToken);

    /// <summary>The latest artifact of a key; null when the key has none.</summary>
    public async Task<Artifact?> GetLatestAsync(string key, CancellationToken cancellationToken = default)
    {
        Guid? gone = null;
        while (await _lists.LatestAsync(key, cancellationToken) is { } latest && latest.Id != gone)
        {
            if (await _reader.GetAsync(latest.Id, cancellationToken) is { } artifact)
            {
                return artifact;
            }

            // It was deleted between the two reads: now another one is the latest.
            gone = latest.Id;
        }

        return null;
    }

    /// <summary>Changes an artifact; false when there is none.</summary>
    public Task<bool> UpdateAsync(Guid id, ArtifactUpdate update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        return _retry.RunAsync<bool>(
            async token =>
            {
                // In this order: if somebody changes it after the first read, the commit fails.
                if (await _reader.FactsAsync(id, token) is not { } stored || await _reader.GetAsync(id, token) is not { } artifact)
                {
                    return false;
                }

                var changed = update.ApplyTo(artifact) with { Updated = WireClock.Now(_time) };
                return (await _store.CommitAsync(ArtifactRows.Replace(stored, changed), token)).Succeeded ? true : default(TryResult<bool>);
            },
            cancellationToken
        );
    }

    /// <summary>Deletes an artifact; false when there is none. If it was the latest of its key, the one before it is the latest.</summary>
    public Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken = default) =>
        _retry.RunAsync<bool>(
            async token =>
                await _reader.FactsAsync(id, token) is not { } stored ? false
                : (await _store.CommitAsync(_rows.Delete(stored), token)).Succeeded ? true
                : default(TryResult<bool>),
            cancellationToken
        );

    /// <summary>Deletes the artifacts of a deleted flow run.</summary>
    internal async Task DeleteOfFlowRunAsync(Guid flowRunId, CancellationToken cancellationToken)
    {
        await foreach (var id in _lists.IdsOfFlowRunAsync(flowRunId, cancellationToken))
        {
            await DeleteAsync(id, cancellationToken);
        }
    }

    private Task<Artifact> WriteAsync(Artifact draft, CancellationToken cancellationToken) =>
        _retry.RunAsync<Artifact>(
            async token =>
            {
                var latest = draft.Key is { } key ? await _lists.LatestAsync(key, token) : null;
                var now = WireClock.Now(_time);

                // It is the latest from now on, also if another instance's clock is ahead.
                var created = latest?.Created >= now ? latest.Created + Moment : now;
                var artifact = draft with { Created = created, Updated = created };
                return (await _store.CommitAsync(_rows.Insert(artifact, latest?.Since ?? created), token)).Succeeded ? artifact
                    : await _reader.GetAsync(artifact.Id, token) is { } stored ? stored
                    : default(TryResult<Artifact>);
            },
            cancellationToken
        );
}
