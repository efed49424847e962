namespace Serverless.Server.Tests.Retention;

/// <summary>Retention on a store that keeps columns.</summary>
public sealed class ColumnRetentionSweepTests() : RetentionSweepTests(columns: true);
