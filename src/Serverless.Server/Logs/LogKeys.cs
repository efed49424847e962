using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Logs;

/// <summary>
/// The key layout of logs: the lines of a flow run, those of a task run that name no flow run, and those that name no run have a partition
/// each, in the order of their time.
/// </summary>
internal static class LogKeys
{
    public const string Logs = "logs";

    private const string TaskRunPrefix = "t-";

    /// <summary>The row of a line.</summary>
    public static RowAddress Log(LogPlace place, DateTimeOffset timestamp, Guid id) =>
        new(Logs, Partition(place), $"{RunKeys.Ticks(timestamp)}|{id:N}");

    /// <summary>The lines of a place.</summary>
    public static RowRange Lines(LogPlace place) => RowRange.Partition(Logs, Partition(place));

    /// <summary>The partitions of task runs, behind one of them or from the first on.</summary>
    public static RowRange OfTaskRuns(string? after) =>
        new(Logs, after is null ? TaskRunPrefix : after + "-", RowRange.EndOfPrefix(TaskRunPrefix));

    /// <summary>The partition of a place.</summary>
    public static string Partition(LogPlace place) =>
        place.TaskRunId is { } taskRunId ? TaskRunPrefix + taskRunId.ToString("N") : RunKeys.Partition(place.FlowRunId ?? Guid.Empty);
}
