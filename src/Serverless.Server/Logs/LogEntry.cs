namespace Serverless.Server.Logs;

/// <summary>One line to add to a run's log.</summary>
/// <param name="FlowRunId">The flow run that logs; null for a task run outside any flow.</param>
/// <param name="TaskRunId">The task run that logs; null for the flow itself.</param>
/// <param name="Timestamp">When it was logged (UTC).</param>
/// <param name="Level">Python's numeric level: 10 debug, 20 info, 30 warning, 40 error, 50 critical.</param>
/// <param name="Name">The logger's name.</param>
/// <param name="Message">The text.</param>
public sealed record LogEntry(Guid? FlowRunId, Guid? TaskRunId, DateTimeOffset Timestamp, int Level, string Name, string Message);
