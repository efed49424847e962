using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>
/// Which completed states are to be found again under a cache key: one row for each, newest first. It only says where the state is;
/// a state that was deleted since is not found.
/// </summary>
internal sealed class TaskCache(IRowStore store, RunReader reader, DeadRows dead)
{
    private const string Table = "taskcache";
    private const string HomeProperty = "home";
    private const string ExpirationProperty = "expires";

    private const int TicksLength = 19;

    /// <summary>The row of a state, to be written with it.</summary>
    public static RowOperation Write(TaskRun run, State state, CacheEntry entry) =>
        RowOperation.Upsert(
            Address(entry.Key, run.Id, state.Timestamp),
            new RowProperties { { HomeProperty, TaskRunKeys.Home(run) }, { ExpirationProperty, entry.Expiration } }
        );

    /// <summary>Takes a state away that is about to be deleted; null for one that has no row.</summary>
    public static RowOperation? Delete(State state) =>
        state is { Type: StateType.Completed, StateDetails: { CacheKey: { Length: > 0 } key, TaskRunId: { } taskRunId } }
            ? RowOperation.Delete(Address(key, taskRunId, state.Timestamp))
            : null;

    /// <summary>The newest state of a key that has not expired, and whose result is there; null for none.</summary>
    public async ValueTask<CachedTaskRun?> FindAsync(string key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<Row> passed = [];
        CachedTaskRun? found = null;
        await foreach (var row in store.ScanAsync(RowRange.Partition(Table, BoundedKey.From(key)), pageSize: 16, cancellationToken))
        {
            var expiration = row.Properties.Get<DateTimeOffset?>(ExpirationProperty);
            if ((expiration is null || expiration > now) && await ReadAsync(row, key, expiration, cancellationToken) is { } state)
            {
                found = state;
                break;
            }

            if (passed.Count < DeadRows.MostAtOnce)
            {
                passed.Add(row);
            }
        }

        // Expired, or without their state: nobody will find them again.
        await dead.DeleteAsync(Table, passed, cancellationToken);
        return found;
    }

    private async ValueTask<CachedTaskRun?> ReadAsync(Row row, string key, DateTimeOffset? expiration, CancellationToken cancellationToken)
    {
        var timestamp = RunKeys.FromInvertedTicks(row.RowKey.AsSpan(0, TicksLength));
        var taskRunId = Guid.ParseExact(row.RowKey.AsSpan(TicksLength + 1), "N");
        if (await reader.TaskRunRowAsync(row.Properties.Get<Guid>(HomeProperty), taskRunId, cancellationToken) is not { } stored)
        {
            return null;
        }

        var run = TaskRunAttempt.From(stored, null);
        if (
            await reader.StatesAsync(run, cancellationToken).FirstOrDefaultAsync(state => state.Timestamp == timestamp, cancellationToken)
                is not { } state
            || state.StateDetails.CacheKey != key
            || (state.StateDetails.FlowRunId is { } flowRunId && await reader.FlowRunAsync(flowRunId, cancellationToken) is null)
        )
        {
            return null;
        }

        if (state.Data is not null)
        {
            return new CachedTaskRun(new CachedTaskState(state, expiration), ResultJson: null);
        }

        // The app's own store has a result only as long as the task run is in the state that came with it.
        return run.TaskRun.StateId == state.Id
            ? new CachedTaskRun(new CachedTaskState(state, expiration), await reader.ResultAsync(run, cancellationToken))
            : null;
    }

    private static RowAddress Address(string key, Guid taskRunId, DateTimeOffset timestamp) =>
        new(Table, BoundedKey.From(key), $"{RunKeys.InvertedTicks(timestamp)}|{taskRunId:N}");
}
