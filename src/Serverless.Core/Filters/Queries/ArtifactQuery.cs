namespace Serverless.Core.Filters;

/// <summary>Body of <c>POST /artifacts/filter</c>.</summary>
public sealed record ArtifactQuery : RunQuery
{
    /// <summary>The order.</summary>
    public ArtifactSort Sort { get; init; }

    /// <summary>Only such artifacts.</summary>
    public ArtifactFilter? Artifacts { get; init; }
}
