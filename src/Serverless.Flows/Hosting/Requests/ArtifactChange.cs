namespace Serverless.Flows.Hosting;

/// <summary>A change of an artifact.</summary>
/// <param name="ArtifactId">The artifact.</param>
/// <param name="DataJson">Its new data.</param>
public sealed record ArtifactChange(Guid ArtifactId, string DataJson);
