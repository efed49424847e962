namespace Serverless.Functions.Tests.Fixtures;

/// <summary>What the tests' pauses ask for.</summary>
internal sealed record Answer(bool Approved, string Comment = "");
