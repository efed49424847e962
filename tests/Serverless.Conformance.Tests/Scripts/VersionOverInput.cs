namespace Serverless.Conformance.Tests.Scripts;

/// <summary>The version of the next round, and which one the first had.</summary>
public sealed record VersionOverInput(string? Next, string? First = null);
