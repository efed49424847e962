namespace Serverless.Conformance.Tests.Scripts;

/// <summary>What counts the calls, and which one succeeds.</summary>
public sealed record FailUntilInput(string Key, int Succeeds);
