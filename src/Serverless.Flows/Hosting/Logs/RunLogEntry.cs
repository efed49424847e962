namespace Serverless.Flows.Hosting;

/// <summary>One record of a run's log.</summary>
/// <param name="FlowRunId">The flow run.</param>
/// <param name="TaskRunId">The task run; null for a record of the flow itself.</param>
/// <param name="Timestamp">When it was logged (UTC).</param>
/// <param name="Level">Python's number, as on Prefect's wire: 10 debug (and trace), 20 information, 30 warning, 40 error, 50
/// critical.</param>
/// <param name="LoggerName">The logger's category.</param>
/// <param name="Message">The text, followed by that of the exception if there is one.</param>
public sealed record RunLogEntry(Guid FlowRunId, Guid? TaskRunId, DateTimeOffset Timestamp, int Level, string LoggerName, string Message);
