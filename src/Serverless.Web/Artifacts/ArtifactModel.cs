using Serverless.Core.Models;

namespace Serverless.Web.Artifacts;

/// <summary>What the page of an artifact shows.</summary>
/// <param name="Artifact">The artifact.</param>
/// <param name="Table">Its table; null when it is none.</param>
/// <param name="Versions">The newest artifacts of its key; null unless it is shown as the latest of them.</param>
public sealed record ArtifactModel(Artifact Artifact, TableView? Table, IReadOnlyList<Artifact>? Versions);
