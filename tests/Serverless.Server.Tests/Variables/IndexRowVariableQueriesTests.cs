namespace Serverless.Server.Tests.Variables;

/// <summary>Lists of a store that keeps no columns.</summary>
public sealed class IndexRowVariableQueriesTests() : VariableQueriesTests(columns: false);
