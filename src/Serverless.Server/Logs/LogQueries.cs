using System.Runtime.CompilerServices;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Queries;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Logs;

/// <summary>Reads of the logs of runs.</summary>
public sealed class LogQueries
{
    private readonly IRowStore _store;
    private readonly RunReader _reader;

    internal LogQueries(IRowStore store, RunReader reader)
    {
        _store = store;
        _reader = reader;
    }

    /// <summary>The lines that a query matches, in its order.</summary>
    public async Task<IReadOnlyList<Log>> FilterAsync(LogQuery query, CancellationToken cancellationToken = default)
    {
        var page = Page.Of(query.Offset, query.Limit);
        var places = await PlacesAsync(query.Logs, cancellationToken);
        var lines = MatchAsync(places, query.Logs, cancellationToken);
        return places is { Count: <= 1 } && query.Sort == LogSort.TimestampAsc
            ? await page.TakeAsync(lines)
            : await page.SortAsync(lines, ByTime(query.Sort));
    }

    // Lines of the same instant stay in the order they were written: their ids increase.
    private static Comparer<Log> ByTime(LogSort sort)
    {
        var sign = sort == LogSort.TimestampDesc ? -1 : 1;
        return Comparer<Log>.Create(
            (a, b) =>
            {
                var order = a.Timestamp.CompareTo(b.Timestamp);
                return sign * (order != 0 ? order : a.Id.CompareTo(b.Id));
            }
        );
    }

    /// <summary>The only places whose lines can match; null for all.</summary>
    private async ValueTask<IReadOnlyList<LogPlace>?> PlacesAsync(LogFilter? filter, CancellationToken cancellationToken)
    {
        if (filter is not { Operator: Operator.And })
        {
            return null;
        }

        if (filter.FlowRunId is { Operator: Operator.And, Any: { } flowRuns })
        {
            return [.. flowRuns.Distinct().Select(id => new LogPlace(id, null))];
        }

        if (filter.TaskRunId is not { Operator: Operator.And, Any: { } taskRuns })
        {
            return null;
        }

        // A client may send the lines of a task run without its flow run.
        HashSet<LogPlace> places = [];
        foreach (var taskRun in taskRuns)
        {
            places.Add(new LogPlace(null, taskRun));
            if (await _reader.FlowRunOfTaskRunAsync(taskRun, cancellationToken) is { } flowRun)
            {
                places.Add(new LogPlace(flowRun, null));
            }
        }

        return [.. places];
    }

    private async IAsyncEnumerable<Log> MatchAsync(
        IReadOnlyList<LogPlace>? places,
        LogFilter? filter,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var time = filter is { Operator: Operator.And } ? filter.Timestamp : null;
        var from = time?.After is { } after ? RunKeys.Ticks(after) : null;
        var to = time?.Before is { } before && before < DateTimeOffset.MaxValue ? RunKeys.Ticks(before.AddTicks(1)) : null;
        var ranges = places is null
            ? [RowRange.WholeTable(LogKeys.Logs) with { FromRow = from, ToRow = to }]
            : places.Select(place => LogKeys.Lines(place) with { FromRow = from, ToRow = to });
        foreach (var range in ranges)
        {
            await foreach (var row in _store.ScanAsync(range, cancellationToken: cancellationToken))
            {
                var log = RowDocs.Read<Log>(row);
                if (filter?.Matches(log) ?? true)
                {
                    yield return log;
                }
            }
        }
    }
}
