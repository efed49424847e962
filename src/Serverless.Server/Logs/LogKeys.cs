using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Logs;

/// <summary>The key layout of logs: a flow run's lines in the order of their time.</summary>
internal static class LogKeys
{
    public const string Logs = "logs";

    public static RowAddress Log(Guid flowRunId, DateTimeOffset timestamp, Guid id) =>
        new(Logs, flowRunId.ToString("N"), $"{RunKeys.Ticks(timestamp)}|{id:N}");
}
