using Serverless.Core.Models;
using Serverless.Storage;

namespace Serverless.Server.Artifacts;

/// <summary>What lists look at of an artifact.</summary>
/// <param name="Artifact">The artifact without data, description and metadata.</param>
/// <param name="Since">When the first artifact of its key was stored, as far as one was there when this one came.</param>
/// <param name="ETag">The version; the artifact changes only together with it.</param>
internal sealed record StoredArtifact(Artifact Artifact, DateTimeOffset Since, string ETag)
{
    private const string SinceProperty = "since";

    public Guid Id => Artifact.Id;

    public DateTimeOffset Created => Artifact.Created!.Value;

    public static StoredArtifact From(Row row)
    {
        var artifact = RowDocs.Read<Artifact>(row);
        return new(artifact, row.Properties.Get<DateTimeOffset?>(SinceProperty) ?? artifact.Created!.Value, row.ETag);
    }

    /// <summary>The row of an artifact's facts.</summary>
    public static RowProperties Properties(Artifact artifact, DateTimeOffset since)
    {
        var properties = RowDocs.Of(artifact with { Data = null, Description = null, Metadata = null });
        properties.Add(SinceProperty, since);
        return properties;
    }
}
