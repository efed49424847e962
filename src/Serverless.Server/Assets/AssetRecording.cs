using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Server.Events;
using Serverless.Server.Flows;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Assets;

/// <summary>
/// Tells of the assets that a task run of this app has made, by the events that Prefect's client sends for its own: one for each asset,
/// and before them one for each asset that they were made from. Those are the ones that the task declares to depend on, and the ones of
/// the task runs whose results it got. A task run that makes none hands on those that it got.
/// </summary>
public sealed class AssetRecording
{
    /// <summary>An event has at most 100 related resources; some of them are runs and the tool.</summary>
    private const int MostUpstream = 90;

    /// <summary>How many task runs are looked at for them.</summary>
    private const int MostLooked = 1_000;

    /// <summary>How long after the end of an attempt its entry may be under way: until the outbox was swept.</summary>
    private static readonly TimeSpan UnderWay = TimeSpan.FromHours(1);

    private readonly IRowStore _store;
    private readonly RunReader _reader;
    private readonly RegisteredFlows _flows;
    private readonly EventIntake _intake;
    private readonly TimeProvider _time;

    internal AssetRecording(IRowStore store, RunReader reader, RegisteredFlows flows, EventIntake intake, TimeProvider time)
    {
        _time = time;
        _store = store;
        _reader = reader;
        _flows = flows;
        _intake = intake;
    }

    /// <summary>
    /// Carries out an entry; once more changes nothing. What is deleted was recorded before, by <see cref="RecordLastAsync"/>.
    /// </summary>
    public async Task RecordAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (
            entry is { TaskRunId: { } taskRunId, StateId: { } stateId }
            && await FindAsync(entry.FlowRunId, taskRunId, cancellationToken) is { } run
            && await _store.GetAsync(RunKeys.TaskRunAssets(TaskRunKeys.Home(run), run.Id, stateId), cancellationToken) is { } row
        )
        {
            await RecordAsync(run, RowDocs.Read<TaskRunAssets>(row), cancellationToken);
        }
    }

    /// <summary>Tells of what task runs have made lately that are about to be deleted: their entries may come too late.</summary>
    /// <param name="home">The partition of the task runs: a flow run's, or that of a task run outside any flow.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async Task RecordLastAsync(Guid home, CancellationToken cancellationToken)
    {
        var since = _time.GetUtcNow() - UnderWay;
        await foreach (var row in _store.ScanAsync(RunKeys.AllTaskRunAssets(home), 100, cancellationToken))
        {
            var assets = RowDocs.Read<TaskRunAssets>(row);
            if (
                assets is { IsCached: false }
                && assets.Ended > since
                && await FindAsync(home, RunKeys.TaskRunOfAssets(row.RowKey), cancellationToken) is { } run
            )
            {
                await RecordAsync(run, assets, cancellationToken);
            }
        }
    }

    /// <summary>A task run whose row is there, also if its flow run is deleted.</summary>
    /// <param name="near">The partition in which it mostly lies.</param>
    /// <param name="taskRunId">The task run.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    private async Task<TaskRun?> FindAsync(Guid near, Guid taskRunId, CancellationToken cancellationToken)
    {
        var row = await _reader.TaskRunRowAsync(near, taskRunId, cancellationToken);
        if (row is null && await _reader.HomeOfTaskRunAsync(taskRunId, cancellationToken) is { } home && home != near)
        {
            row = await _reader.TaskRunRowAsync(home, taskRunId, cancellationToken);
        }

        return row is null ? null : TaskRunRows.Read(row);
    }

    private async Task RecordAsync(TaskRun run, TaskRunAssets assets, CancellationToken cancellationToken)
    {
        var flowRun = run.FlowRunId is { } flowRunId ? await _reader.FlowRunAsync(flowRunId, cancellationToken) : null;
        var upstream = await UpstreamAsync(run, cancellationToken);
        foreach (var key in upstream)
        {
            await TakeAsync(AssetEvents.Referenced, key, AssetEvents.Resource(key, null), [], null);
        }

        foreach (var asset in assets.Materialized)
        {
            List<IReadOnlyDictionary<string, string>> related = [.. upstream.Select(AssetEvents.Upstream)];
            if (asset.MaterializedBy is { } tool)
            {
                related.Add(AssetEvents.By(tool));
            }

            await TakeAsync(
                AssetEvents.Materialization(assets.Succeeded),
                asset.Key,
                AssetEvents.Resource(asset.Key, asset.Properties),
                related,
                asset
            );
        }

        Task TakeAsync(
            string name,
            string key,
            IReadOnlyDictionary<string, string> resource,
            IReadOnlyList<IReadOnlyDictionary<string, string>> related,
            TaskRunAsset? asset
        ) =>
            _intake.TakeAsync(
                new Event
                {
                    Id = StableIds.From(assets.StateId, $"{name}|{key}"),
                    Occurred = assets.Ended,
                    Name = name,
                    Resource = resource,
                    Related = [.. RunsOf(run, flowRun?.Run), .. related],
                    Payload = asset?.Metadata ?? JsonObjects.Empty,
                },
                cancellationToken
            );
    }

    private static IEnumerable<IReadOnlyDictionary<string, string>> RunsOf(TaskRun run, FlowRun? flowRun)
    {
        if (flowRun is not null)
        {
            yield return RelatedObjects.Resource(new RelatedObject("flow-run", flowRun.Id, flowRun.Name, flowRun.Tags));
        }

        yield return RelatedObjects.Resource(new RelatedObject("task-run", run.Id, run.Name, run.Tags));
    }

    /// <summary>The keys of the assets that a task run was made from.</summary>
    private async Task<IReadOnlyList<string>> UpstreamAsync(TaskRun run, CancellationToken cancellationToken)
    {
        List<string> keys = [];
        HashSet<string> known = [];
        HashSet<Guid> seen = [run.Id];
        Queue<TaskRun> open = new([run]);
        while (open.TryDequeue(out var next))
        {
            Add(_flows.FindTask(next.TaskKey)?.AssetDependencies ?? []);
            foreach (var input in next.TaskInputs.Values.SelectMany(inputs => inputs))
            {
                if (
                    input is not { InputType: TaskRunInput.TaskRunResult, Id: { } id }
                    || seen.Count > MostLooked
                    || keys.Count == MostUpstream
                    || !seen.Add(id)
                    || await FindAsync(TaskRunKeys.Home(run), id, cancellationToken) is not { } source
                )
                {
                    continue;
                }

                if (await MadeByAsync(source, cancellationToken) is { Count: > 0 } made)
                {
                    Add(made);
                }
                else
                {
                    open.Enqueue(source);
                }
            }
        }

        return keys;

        void Add(IEnumerable<string> more)
        {
            foreach (var key in more)
            {
                if (keys.Count < MostUpstream && known.Add(key))
                {
                    keys.Add(key);
                }
            }
        }
    }

    /// <summary>The assets that a task run made; one that ended as Cached made none, but its task says which they are.</summary>
    private async Task<IReadOnlyList<string>> MadeByAsync(TaskRun run, CancellationToken cancellationToken)
    {
        List<string> keys = [];
        await foreach (var row in _store.ScanAsync(RunKeys.TaskRunAssets(TaskRunKeys.Home(run), run.Id), 100, cancellationToken))
        {
            keys.AddRange(RowDocs.Read<TaskRunAssets>(row).Materialized.Select(asset => asset.Key));
        }

        return keys.Count > 0 ? keys : _flows.FindTask(run.TaskKey)?.Assets ?? [];
    }
}
