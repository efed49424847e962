using System.Text.Json;
using Microsoft.Extensions.Logging;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Flows.Hosting;
using Serverless.Server.Runs;

namespace Serverless.Functions.TaskRuns;

/// <summary>Gives task runs the cache keys under which their results are found and stored.</summary>
/// <param name="runs">The stored flow runs.</param>
/// <param name="cached">The results that are cached.</param>
/// <param name="storages">Where the values of tasks may lie.</param>
/// <param name="sink">Where the log of a task run goes.</param>
/// <param name="time">The clock of expirations and log records.</param>
public sealed class TaskRunCaches(FlowRunService runs, CachedResults cached, ResultStorages storages, IRunLogSink sink, TimeProvider time)
{
    /// <summary>The start of an attempt with the key of its arguments; the same start if the task run is not cached.</summary>
    internal async ValueTask<TaskRunStart> AddToAsync(
        TaskRunStart start,
        TaskDefinition task,
        TaskCaching caching,
        TaskRunItem item,
        CancellationToken cancellationToken
    )
    {
        // Outside any flow, a task run shares a key that names its flow run with no other one.
        var flowRunId = start.FlowRunId ?? start.TaskRunId;
        var parameters = caching.NeedsFlowParameters ? await ParametersAsync(flowRunId, cancellationToken) : null;
        string? key;
        try
        {
            key = caching.KeyOf(new CachedCall(flowRunId, item.ArgumentsJson, parameters, item.CacheKey));
        }
#pragma warning disable CA1031 // Whatever the author's key method throws, the task itself can run: as in Prefect, it is just not cached.
        catch (Exception error)
#pragma warning restore CA1031
        {
            RunLogger
                .ForTaskRun(sink, time, start.FlowRunId ?? Guid.Empty, start.TaskRunId)
                .LogError(error, "The cache key of the task run cannot be computed: it runs, and its result is not cached.");
            return start;
        }

        if (key is null)
        {
            return start;
        }

        // A value that its storage has lost is no result: the task runs.
        var refresh =
            caching.Refresh
            || (
                task.StoresResults
                && StoredResult.Of(await cached.FindDataAsync(key, cancellationToken)) is { } stored
                && !await storages.ExistsAsync(stored, cancellationToken)
            );
        return start with
        {
            Caching = new TaskRunCaching(key, refresh, caching.Isolation == CacheIsolation.Serializable),
            CachedAssets = MadeAssets.OfCached(task, item.ArgumentsJson),
        };
    }

    /// <summary>How an attempt ended, to be stored under the key with which it began, if it completed.</summary>
    internal ProposedState AddTo(ProposedState ended, TaskRun run, TaskCaching? caching) =>
        caching is not null && ended.Type == StateType.Completed && run.State?.StateDetails.CacheKey is { } key
            ? ended with
            {
                StateDetails = ended.StateDetails with { CacheKey = key, CacheExpiration = time.GetUtcNow() + caching.Expiration },
            }
            : ended;

    private async ValueTask<string?> ParametersAsync(Guid flowRunId, CancellationToken cancellationToken) =>
        await runs.GetAsync(flowRunId, cancellationToken) is { } run ? JsonSerializer.Serialize(run.Parameters, FlowJson.Options) : null;
}
