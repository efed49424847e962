namespace Serverless.Server.Tests.Artifacts;

/// <summary>Lists of a store that keeps no columns.</summary>
public sealed class IndexRowArtifactQueriesTests() : ArtifactQueriesTests(columns: false);
