using Serverless.Flows.Hosting;
using Serverless.Server.Logs;

namespace Serverless.Functions.Hosting;

/// <summary>Hands what flows and tasks log to the stored logs of their runs.</summary>
internal sealed class RunLogSink(RunLogs logs) : IRunLogSink
{
    public void Write(RunLogEntry entry) =>
        logs.Write(
            new LogEntry(
                entry.FlowRunId == Guid.Empty ? null : entry.FlowRunId,
                entry.TaskRunId,
                entry.Timestamp,
                entry.Level,
                entry.LoggerName,
                entry.Message
            )
        );
}
