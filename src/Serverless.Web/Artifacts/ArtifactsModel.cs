using Serverless.Core.Models;
using Serverless.Web.Shared;

namespace Serverless.Web.Artifacts;

/// <summary>What the list of artifacts shows.</summary>
/// <param name="Latest">The latest of each key; empty when all are asked for.</param>
/// <param name="All">All artifacts; empty when the latest of each key are asked for.</param>
/// <param name="Filter">Which of them.</param>
/// <param name="Pager">Which of those are shown.</param>
public sealed record ArtifactsModel(
    IReadOnlyList<ArtifactCollection> Latest,
    IReadOnlyList<Artifact> All,
    ArtifactFilterModel Filter,
    PagerModel Pager
);
