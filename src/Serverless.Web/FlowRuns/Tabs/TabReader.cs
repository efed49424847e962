using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Logs;
using Serverless.Server.Runs;
using Serverless.Web.Http;
using Serverless.Web.Shared;

namespace Serverless.Web.FlowRuns;

/// <summary>Reads what the tabs of runs show that are alike for flow runs and task runs.</summary>
internal sealed class TabReader(LogQueries logs, TaskRunService tasks)
{
    /// <summary>The rows of a page.</summary>
    public const int PageSize = 50;

    private const int LogPageSize = 200;

    // What an operator looks for comes first.
    private static readonly StateType[][] Groups =
    [
        [StateType.Failed, StateType.Crashed],
        [StateType.Running, StateType.Cancelling, StateType.Paused],
        [StateType.Pending, StateType.Scheduled],
        [StateType.Completed, StateType.Cancelled],
    ];

    /// <summary>Lines of a log: the newest while a run is open, and else from the first.</summary>
    public async Task<LogsModel> LogsAsync(
        LogFilter filter,
        Links links,
        string address,
        bool isOpen,
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        var level = int.TryParse(request.Query["level"], out var least) ? least : 0;
        var text = request.Query["q"].ToString() is { Length: > 0 and <= 200 } words ? words : null;
        var tail = request.Query["tail"].ToString();
        var isTail = tail.Length == 0 ? isOpen : tail == "1";
        var offset = OffsetOf(request);
        LogQuery query = new()
        {
            Logs = filter with
            {
                Level = level > 0 ? new LevelFilter { Ge = level } : null,
                Text = text is null ? null : new LogTextFilter { Query = text },
            },
            Sort = isTail ? LogSort.TimestampDesc : LogSort.TimestampAsc,
            Offset = offset,
            Limit = LogPageSize,
        };
        var lines = await logs.FilterAsync(query, cancellationToken);
        var page = isTail ? [.. lines.Reverse()] : lines;
        var pager = PagerModel.At(
            offset,
            page.Count,
            LogPageSize,
            page.Count == LogPageSize,
            at =>
                links[
                    Links.Query(
                        address,
                        ("level", level > 0 ? level : null),
                        ("q", text),
                        ("tail", tail.Length > 0 ? tail : null),
                        ("offset", at > 0 ? at : null)
                    )
                ]
        );
        return new LogsModel(page, address, level, text, isTail, null, pager);
    }

    /// <summary>Task runs of a flow run, or those in one state.</summary>
    public async Task<TaskRunsModel> TaskRunsAsync(
        Guid flowRunId,
        IReadOnlyDictionary<StateType, int> counts,
        Links links,
        string address,
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        StateType? only = Enum.TryParse<StateType>(request.Query["state"], ignoreCase: true, out var state) ? state : null;
        var offset = OffsetOf(request);
        var groups = only is { } one
            ?
            [
                [one],
            ]
            : Groups;
        List<TaskRun> rows = [];
        var before = 0;
        foreach (var group in groups)
        {
            var many = group.Sum(type => counts.GetValueOrDefault(type));
            var from = Math.Max(0, offset - before);
            if (from < many && rows.Count < PageSize)
            {
                TaskRunQuery query = new()
                {
                    TaskRuns = new TaskRunFilter
                    {
                        FlowRunId = new IdFilter { Any = [flowRunId] },
                        State = new StateFilter { Type = new StateTypeFilter { Any = group } },
                    },
                    Sort = TaskRunSort.ExpectedStartTimeAsc,
                    Offset = from,
                    Limit = PageSize - rows.Count,
                };
                rows.AddRange(await tasks.FilterAsync(query, cancellationToken));
            }

            before += many;
        }

        return new TaskRunsModel(
            rows,
            counts,
            only,
            address,
            PagerModel.At(
                offset,
                rows.Count,
                PageSize,
                offset + rows.Count < before,
                at =>
                    links[
                        Links.Query(
                            address,
                            ("tab", "task-runs"),
                            ("state", only?.ToString().ToLowerInvariant()),
                            ("offset", at > 0 ? at : null)
                        )
                    ]
            )
        );
    }

    /// <summary>A result, or why there is none.</summary>
    public static ValueModel ValueOf(RunResult? result, string all) =>
        result switch
        {
            { State.Data: { ValueKind: JsonValueKind.Object } data } when data.TryGetProperty("storage_key", out var key) => new ValueModel(
                null,
                $"It lies in a result storage, under the key {key}.",
                all
            ),
            { Json: { } json } => new ValueModel(Pretty(json), null, all),
            { IsLost: true } => new ValueModel(null, "It was not kept: the code says PersistResult = false.", all),
            { State: { } state } when state.Type.IsFinal() => new ValueModel(
                null,
                $"It has no result: it ended as {Looks.Words(state.Name)}.",
                all
            ),
            _ => new ValueModel(null, "It has no result yet.", all),
        };

    /// <summary>How many rows come before the page; what is no number is none.</summary>
    public static int OffsetOf(HttpRequest request) =>
        int.TryParse(request.Query["offset"], out var offset) ? Math.Clamp(offset, 0, 1_000_000) : 0;

    private static string Pretty(string json)
    {
        // Laying out much for nothing: only the beginning is shown.
        if (json.Length > 100_000)
        {
            return json;
        }

        using var value = JsonDocument.Parse(json);
        return Looks.Json(value.RootElement);
    }
}
