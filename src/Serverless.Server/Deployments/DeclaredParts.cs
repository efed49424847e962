using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Server.Deployments;

/// <summary>
/// What code said of a deployment when it was last stored. It is kept in the deployment's row, since what code does not say any more is
/// taken away, while what clients set stays.
/// </summary>
internal sealed partial record DeclaredParts
{
    /// <summary>Of a deployment of which code says no more than that there is one.</summary>
    public static readonly DeclaredParts None = new();

    /// <summary>Whether it said the parameters.</summary>
    public bool Parameters { get; init; }

    /// <summary>Whether it said the concurrency limit.</summary>
    public bool ConcurrencyLimit { get; init; }

    /// <summary>The slugs of its schedules.</summary>
    public IReadOnlyList<string> Slugs
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>What a spec says.</summary>
    public static DeclaredParts Of(DeploymentSpec spec) =>
        new()
        {
            Parameters = spec.Parameters is not null,
            ConcurrencyLimit = spec.ConcurrencyLimit is not null,
            Slugs = [.. spec.Schedules.Select(schedule => schedule.Slug!)],
        };

    /// <summary>Reads what a row holds.</summary>
    public static DeclaredParts? From(byte[] stored) => JsonSerializer.Deserialize(stored, PartsJson.Default.DeclaredParts);

    /// <summary>What a row holds.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, PartsJson.Default.DeclaredParts);

    /// <inheritdoc/>
    public bool Equals(DeclaredParts? other) =>
        other is not null
        && Parameters == other.Parameters
        && ConcurrencyLimit == other.ConcurrencyLimit
        && Slugs.SequenceEqual(other.Slugs, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Parameters, ConcurrencyLimit, Slugs.Count);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(DeclaredParts))]
    private sealed partial class PartsJson : JsonSerializerContext;
}
