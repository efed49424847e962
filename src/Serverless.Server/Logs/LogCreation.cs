using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Storage;

namespace Serverless.Server.Logs;

/// <summary>Stores the lines that clients send.</summary>
public sealed class LogCreation
{
    private const int RowsACommit = 100;

    private readonly IRowStore _store;
    private readonly TimeProvider _time;
    private readonly IIdGenerator _ids;
    private readonly LiveLogs _live;

    internal LogCreation(IRowStore store, TimeProvider time, IIdGenerator ids, LiveLogs live)
    {
        _live = live;
        _store = store;
        _time = time;
        _ids = ids;
    }

    /// <summary>
    /// Stores lines, in their order. Lines of a flow run that is not there, or of a deleted task run, are passed over: they would outlive
    /// everything that is known of it. A message beyond <see cref="RunLogs.LongestMessage"/> is cut.
    /// </summary>
    /// <exception cref="RowStoreUnavailableException">The store is unavailable; some of the lines may be stored.</exception>
    public async Task AddAsync(IReadOnlyList<LogCreate> lines, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var now = WireClock.Now(_time);
        foreach (var lot in lines.GroupBy(line => LogPlace.Of(line.FlowRunId, line.TaskRunId)))
        {
            foreach (var chunk in lot.Chunk(RowsACommit))
            {
                // Looked at again for each chunk: a run that is being deleted has its lines deleted once.
                if (await lot.Key.IsGoneAsync(_store, cancellationToken))
                {
                    break;
                }

                RowCommit commit = new();
                List<Log> logs = [];
                foreach (var line in chunk)
                {
                    Log log = new()
                    {
                        Id = _ids.NewId(),
                        Created = now,
                        Updated = now,
                        Name = line.Name,
                        Level = line.Level,
                        Message = RunLogs.Shorten(line.Message),
                        Timestamp = line.Timestamp,
                        FlowRunId = line.FlowRunId,
                        TaskRunId = line.TaskRunId,
                    };
                    commit.Add(RowOperation.Upsert(LogKeys.Log(lot.Key, log.Timestamp, log.Id), RowDocs.Of(log)));
                    logs.Add(log);
                }

                await _store.CommitAsync(commit, cancellationToken);
                _live.Publish(logs);
            }
        }
    }
}
