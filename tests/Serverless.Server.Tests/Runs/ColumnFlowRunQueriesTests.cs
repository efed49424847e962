namespace Serverless.Server.Tests.Runs;

/// <summary>Lists of a store that keeps columns.</summary>
public sealed class ColumnFlowRunQueriesTests() : FlowRunQueriesTests(columns: true);
