using Serverless.Flows.Hosting;

namespace Serverless.Functions.RunServices;

/// <summary>Input of <see cref="CreateArtifact"/>.</summary>
/// <param name="ArtifactId">The id, drawn by the orchestrator so that a repeated activity writes the same artifact.</param>
/// <param name="FlowRunId">The run that makes it.</param>
/// <param name="Artifact">What it is.</param>
public sealed record CreateArtifactInput(Guid ArtifactId, Guid FlowRunId, ArtifactRequest Artifact);
