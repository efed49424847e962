namespace Serverless.Core.Filters;

/// <summary>Body of <c>POST /artifacts/latest/filter</c>.</summary>
public sealed record ArtifactCollectionQuery : RunQuery
{
    /// <summary>The order.</summary>
    public ArtifactSort Sort { get; init; }

    /// <summary>Only such collections.</summary>
    public ArtifactCollectionFilter? Artifacts { get; init; }
}
