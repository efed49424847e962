using System.Text;
using Microsoft.Extensions.Logging;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Storage;

namespace Serverless.Server.Logs;

/// <summary>
/// Writes the logs of runs. Lines are kept in memory for a moment and written many at a time; nothing is lost short of a
/// crash: while the store is behind or away, a full buffer makes writers wait.
/// </summary>
public sealed partial class RunLogs(IRowStore store, TimeProvider time, IIdGenerator ids, LiveLogs live, ILogger<RunLogs> logger)
    : IAsyncDisposable
{
    /// <summary>How many lines are kept before writers have to wait.</summary>
    public const int Capacity = 20_000;

    /// <summary>The longest message in characters; what exceeds it is cut off, so that a line always fits a row.</summary>
    public const int LongestMessage = 16_000;

    private const int RowsACommit = 100;
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    // A monitor, not a Lock: writers wait on it when the buffer is full.
    private readonly object _gate = new();
    private readonly Dictionary<LogPlace, Buffer> _buffers = [];
    private readonly CancellationTokenSource _stopping = new();
    private int _count;
    private bool _scheduled;

    /// <summary>Adds a line; returns at once unless <see cref="Capacity"/> lines wait to be written.</summary>
    public void Write(LogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var now = time.GetUtcNow();
        Log log = new()
        {
            Id = ids.NewId(),
            Created = now,
            Updated = now,
            Name = entry.Name,
            Level = entry.Level,
            Message = Shorten(entry.Message),
            Timestamp = entry.Timestamp,
            FlowRunId = entry.FlowRunId,
            TaskRunId = entry.TaskRunId,
        };
        bool schedule;
        lock (_gate)
        {
            while (_count >= Capacity)
            {
                DrainAll();
                Monitor.Wait(_gate);
            }

            var place = LogPlace.Of(entry.FlowRunId, entry.TaskRunId);
            if (!_buffers.TryGetValue(place, out var buffer))
            {
                _buffers.Add(place, buffer = new Buffer());
            }

            buffer.Pending.Add(log);
            _count++;
            schedule = !_scheduled;
            _scheduled = true;
        }

        if (schedule)
        {
            _ = DrainLaterAsync();
        }
    }

    /// <summary>Completes when every line of the flow run that was added before the call is stored.</summary>
    public Task FlushAsync(Guid flowRunId, CancellationToken cancellationToken = default) =>
        FlushAsync(flowRunId, Guid.Empty, cancellationToken);

    /// <summary>The same for a task run. The empty id of a flow run means a task run outside any flow.</summary>
    public Task FlushAsync(Guid flowRunId, Guid taskRunId, CancellationToken cancellationToken = default)
    {
        Task writing;
        var place = LogPlace.Of(flowRunId, taskRunId);
        lock (_gate)
        {
            if (!_buffers.TryGetValue(place, out var buffer))
            {
                return Task.CompletedTask;
            }

            writing = Drain(place, buffer);
        }

        return writing.WaitAsync(cancellationToken);
    }

    /// <summary>Completes when every line that was added before the call is stored.</summary>
    public Task FlushAllAsync(CancellationToken cancellationToken = default)
    {
        Task writing;
        lock (_gate)
        {
            writing = Task.WhenAll(DrainAll());
        }

        return writing.WaitAsync(cancellationToken);
    }

    /// <summary>Stores what is left; no longer waits for a store that is away.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await FlushAllAsync();
        _stopping.Dispose();
    }

    private async Task DrainLaterAsync()
    {
        // Lines come from orchestrators, too, whose synchronization context must not be taken along.
        await Task.Delay(Delay, time).ConfigureAwait(false);
        lock (_gate)
        {
            _scheduled = false;
            _ = DrainAll();
        }
    }

    private Task[] DrainAll() => [.. _buffers.Select(pair => Drain(pair.Key, pair.Value))];

    private Task Drain(LogPlace place, Buffer buffer) =>
        buffer.Writing ??= Task.Run(() => DrainAsync(place, buffer), CancellationToken.None);

    private async Task DrainAsync(LogPlace place, Buffer buffer)
    {
        // Callers that acknowledge lines wait for the disk after FlushAsync.
        using var deferred = DeferredCommits.Begin();
        while (true)
        {
            List<Log> batch;
            lock (_gate)
            {
                if (buffer.Pending.Count == 0)
                {
                    _buffers.Remove(place);
                    return;
                }

                batch = buffer.Pending;
                buffer.Pending = [];
            }

            try
            {
                await StoreAsync(place, batch);
            }
#pragma warning disable CA1031 // Whatever it is: the loss is told, and writers of other runs must not wait for this one.
            catch (Exception error)
#pragma warning restore CA1031
            {
                LogLost(logger, error, batch.Count, place.FlowRunId ?? place.TaskRunId);
            }

            lock (_gate)
            {
                _count -= batch.Count;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private async Task StoreAsync(LogPlace place, List<Log> batch)
    {
        var stored = 0;
        while (stored < batch.Count)
        {
            RowCommit commit = new();
            var end = Math.Min(stored + RowsACommit, batch.Count);
            for (var index = stored; index < end; index++)
            {
                var log = batch[index];
                commit.Add(RowOperation.Upsert(LogKeys.Log(place, log.Timestamp, log.Id), RowDocs.Of(log)));
            }

            try
            {
                // Lines of a deleted run have no place any more: they would outlive its purge.
                if (await place.IsGoneAsync(store, CancellationToken.None))
                {
                    return;
                }

                await store.CommitAsync(commit);
                live.Publish(batch.Skip(stored).Take(end - stored));
                stored = end;
            }
            catch (RowStoreUnavailableException) when (!_stopping.IsCancellationRequested)
            {
                await Task.Delay(RetryDelay, time);
            }
        }
    }

    /// <summary>Whether a flow run has stored lines.</summary>
    internal async Task<bool> AnyAsync(Guid flowRunId, CancellationToken cancellationToken) =>
        (await store.QueryAsync(LogKeys.Lines(new LogPlace(flowRunId, null)), limit: 1, continuation: null, cancellationToken)).Rows.Count
        > 0;

    /// <summary>Deletes the stored lines of a flow run.</summary>
    internal Task DeleteAsync(Guid flowRunId, CancellationToken cancellationToken) =>
        DeleteAsync(new LogPlace(flowRunId, null), cancellationToken);

    /// <summary>Deletes the stored lines of a place.</summary>
    internal async Task DeleteAsync(LogPlace place, CancellationToken cancellationToken)
    {
        string? continuation = null;
        do
        {
            var page = await store.QueryAsync(LogKeys.Lines(place), RowsACommit, continuation, cancellationToken);
            if (page.Rows.Count > 0)
            {
                RowCommit commit = new();
                foreach (var row in page.Rows)
                {
                    commit.Add(RowOperation.Delete(new RowAddress(LogKeys.Logs, row.PartitionKey, row.RowKey)));
                }

                await store.CommitAsync(commit, cancellationToken);
            }

            continuation = page.Continuation;
        } while (continuation is not null);
    }

    /// <summary>A message with no more than <see cref="LongestMessage"/> characters.</summary>
    internal static string Shorten(string message)
    {
        if (message.Length <= LongestMessage)
        {
            return message;
        }

        var length = char.IsHighSurrogate(message[LongestMessage - 1]) ? LongestMessage - 1 : LongestMessage;
        return new StringBuilder(message, 0, length, length + 16).Append("… [cut off]").ToString();
    }

    [LoggerMessage(LogLevel.Error, "{Count} log lines of run {RunId} could not be stored.")]
    private static partial void LogLost(ILogger logger, Exception error, int count, Guid? runId);

    private sealed class Buffer
    {
        public List<Log> Pending { get; set; } = [];

        public Task? Writing { get; set; }
    }
}
