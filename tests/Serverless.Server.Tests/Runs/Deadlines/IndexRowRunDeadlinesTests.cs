namespace Serverless.Server.Tests.Runs.Deadlines;

/// <summary>Deadlines on a store that keeps no columns.</summary>
public sealed class IndexRowRunDeadlinesTests() : RunDeadlinesTests(columns: false);
