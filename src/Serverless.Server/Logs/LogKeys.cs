using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Logs;

/// <summary>The key layout of logs: a flow run's lines in the order of their time.</summary>
internal static class LogKeys
{
    public const string Logs = "logs";

    /// <summary>The row of a line; a line of no flow run lies with others of that kind.</summary>
    public static RowAddress Log(Guid? flowRunId, DateTimeOffset timestamp, Guid id) =>
        new(Logs, Partition(flowRunId), $"{RunKeys.Ticks(timestamp)}|{id:N}");

    /// <summary>The lines of a flow run; of null those of none.</summary>
    public static RowRange Lines(Guid? flowRunId) => RowRange.Partition(Logs, Partition(flowRunId));

    private static string Partition(Guid? flowRunId) => RunKeys.Partition(flowRunId ?? Guid.Empty);
}
