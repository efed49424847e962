namespace Serverless.Server.Tests.Retention;

/// <summary>Retention on a store that keeps no columns.</summary>
public sealed class IndexRowRetentionSweepTests() : RetentionSweepTests(columns: false);
