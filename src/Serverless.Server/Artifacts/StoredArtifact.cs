using Serverless.Core.Models;
using Serverless.Storage;

namespace Serverless.Server.Artifacts;

/// <summary>An artifact as one of its two rows has it.</summary>
/// <param name="Artifact">The artifact; as its facts, which are what lists look at, without data, description and metadata.</param>
/// <param name="Since">When the first artifact of its key was stored, as far as one was there when this one came.</param>
/// <param name="ETag">The version of the row. The artifact changes only together with that of its facts.</param>
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

    /// <summary>The row of the facts.</summary>
    public RowProperties Facts() => PropertiesOf(Artifact with { Data = null, Description = null, Metadata = null });

    /// <summary>The row of all of it.</summary>
    public RowProperties Whole() => PropertiesOf(Artifact);

    private RowProperties PropertiesOf(Artifact artifact)
    {
        var properties = RowDocs.Of(artifact);
        properties.Add(SinceProperty, Since);
        return properties;
    }
}
