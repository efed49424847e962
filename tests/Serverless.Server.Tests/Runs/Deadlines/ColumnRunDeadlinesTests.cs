namespace Serverless.Server.Tests.Runs.Deadlines;

/// <summary>Deadlines on a store that keeps columns.</summary>
public sealed class ColumnRunDeadlinesTests() : RunDeadlinesTests(columns: true);
