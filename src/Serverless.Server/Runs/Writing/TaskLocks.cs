using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Storage;

namespace Serverless.Server.Runs.Writing;

/// <summary>
/// Lets one task run of a cache key execute at a time. A row for each key says whose turn it is. It counts only as long as that task run
/// has not ended: so the commit that ends the task run, or deletes it, is also the end of its turn, and there is nothing to release.
/// </summary>
public sealed class TaskLocks
{
    internal const string Table = "tasklocks";

    private const string RowKey = "turn";
    private const string OwnerProperty = "owner";
    private const string HomeProperty = "home";
    private const string SinceProperty = "since";

    private const int PageSize = 1000;
    private const int ShortestWaitSeconds = 1;
    private const int LongestWaitSeconds = 60;

    private readonly IRowStore _store;
    private readonly TimeProvider _time;
    private readonly RunReader _reader;
    private readonly TaskCache _cache;
    private string? _continuation;

    internal TaskLocks(IRowStore store, TimeProvider time, RunReader reader, TaskCache cache)
    {
        _store = store;
        _time = time;
        _reader = reader;
        _cache = cache;
    }

    /// <summary>
    /// Gives a task run its turn, unless there is a result that it takes instead. The task run must be there and not have ended: that
    /// tells the others that the turn is taken.
    /// </summary>
    /// <returns>How long to wait; null for a task run that may go on.</returns>
    internal async ValueTask<GateAnswer.Waits?> TakeAsync(TaskRunCaching caching, TaskRun run, CancellationToken cancellationToken)
    {
        if (!caching.Refresh && await _cache.FindAsync(caching.Key, _time.GetUtcNow(), cancellationToken) is not null)
        {
            return null;
        }

        RowAddress address = new(Table, BoundedKey.From(caching.Key), RowKey);
        var row = await _store.GetAsync(address, cancellationToken);
        if (row is { } held && held.Properties.Get<Guid>(OwnerProperty) != run.Id)
        {
            var owner = await OwnerAsync(held, cancellationToken);
            if (owner is not null && owner.StateType?.IsFinal() != true)
            {
                return Waits(run, held.Properties.Get<DateTimeOffset>(SinceProperty));
            }

            if (!caching.Refresh && owner is not null && await HasLeftResultAsync(owner, caching.Key, cancellationToken))
            {
                return null;
            }
        }

        RowProperties mine = new()
        {
            { OwnerProperty, run.Id },
            { HomeProperty, TaskRunKeys.Home(run) },
            { SinceProperty, _time.GetUtcNow() },
        };
        RowCommit commit = new();
        commit.Add(row is null ? RowOperation.Insert(address, mine) : RowOperation.Replace(address, mine, row.ETag));
        return (await _store.CommitAsync(commit, cancellationToken)).Succeeded ? null : Waits(run, _time.GetUtcNow());
    }

    /// <summary>Removes rows of task runs that have ended: the next thousand; those behind them are the next call's.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken = default)
    {
        var page = await _store.QueryAsync(RowRange.WholeTable(Table), PageSize, _continuation, cancellationToken);
        _continuation = page.Continuation;
        foreach (var row in page.Rows)
        {
            if (await OwnerAsync(row, cancellationToken) is { } owner && owner.StateType?.IsFinal() != true)
            {
                continue;
            }

            // Whoever takes the turn meanwhile keeps it: the row has another ETag then.
            RowCommit commit = new();
            commit.Add(RowOperation.Delete(new RowAddress(Table, row.PartitionKey, row.RowKey), row.ETag));
            await _store.CommitAsync(commit, cancellationToken);
        }
    }

    /// <summary>The task run whose turn it was last; null for one that was deleted.</summary>
    private async ValueTask<TaskRun?> OwnerAsync(Row row, CancellationToken cancellationToken)
    {
        var home = row.Properties.Get<Guid>(HomeProperty);
        if (await _reader.TaskRunRowAsync(home, row.Properties.Get<Guid>(OwnerProperty), cancellationToken) is not { } stored)
        {
            return null;
        }

        var owner = RowDocs.Read<TaskRun>(stored);
        return owner.FlowRunId is { } flowRunId && await _reader.FlowRunAsync(flowRunId, cancellationToken) is null ? null : owner;
    }

    /// <summary>
    /// Whether a task run that has ended left a result for those who waited. Where the row by which it is found is derived from its last
    /// commit, that row may come later, or only by the sweep: it is written here, too.
    /// </summary>
    private async ValueTask<bool> HasLeftResultAsync(TaskRun owner, string key, CancellationToken cancellationToken)
    {
        if (owner.State is not { Type: StateType.Completed, StateDetails: { } details } state || details.CacheKey != key)
        {
            return false;
        }

        RowCommit commit = new();
        commit.Add(TaskCache.Write(owner, state, new CacheEntry(key, details.CacheExpiration)));
        await _store.CommitAsync(commit, cancellationToken);
        return await _cache.FindAsync(key, _time.GetUtcNow(), cancellationToken) is not null;
    }

    /// <summary>A quarter of the time for which the other has had its turn: long work is not asked for all the time.</summary>
    private GateAnswer.Waits Waits(TaskRun run, DateTimeOffset since)
    {
        var seconds = (int)Math.Clamp((_time.GetUtcNow() - since).TotalSeconds / 4, ShortestWaitSeconds, LongestWaitSeconds);
        return new GateAnswer.Waits(run.State, seconds, "Another task run with the same cache key is running.");
    }
}
