using System.Text.Json;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Server.Events;

namespace Serverless.Server.Assets;

/// <summary>The events about assets, in the form in which Prefect's client sends them.</summary>
internal static class AssetEvents
{
    public const string Referenced = "prefect.asset.referenced";

    private const string MaterializationPrefix = "prefect.asset.materialization.";
    private const string Description = "prefect.asset.description";
    private const string Url = "prefect.asset.url";
    private const string Owners = "prefect.asset.owners";
    private const string AssetRole = "asset";
    private const string ByRole = "asset-materialized-by";

    /// <summary>The name of the event of a materialization.</summary>
    public static string Materialization(bool succeeded) => MaterializationPrefix + (succeeded ? "succeeded" : "failed");

    /// <summary>How a materialization ended; null for another event.</summary>
    public static string? StatusOf(Event reported) =>
        reported.Name.StartsWith(MaterializationPrefix, StringComparison.Ordinal)
        && reported.Name[MaterializationPrefix.Length..] is "succeeded" or "failed"
            ? reported.Name[MaterializationPrefix.Length..]
            : null;

    /// <summary>The resource that an asset is.</summary>
    public static IReadOnlyDictionary<string, string> Resource(string key, AssetProperties? properties)
    {
        Dictionary<string, string> labels = new() { [Event.ResourceId] = key };
        Add(RelatedObjects.ResourceName, properties?.Name);
        Add(Description, properties?.Description);
        Add(Url, properties?.Url);
        Add(Owners, properties?.Owners is { } owners ? JsonSerializer.Serialize(owners, WireJson.TypeInfo<IReadOnlyList<string>>()) : null);
        return labels;

        void Add(string label, string? value)
        {
            if (value is not null)
            {
                labels[label] = value;
            }
        }
    }

    /// <summary>What an event says of the asset; null for nothing.</summary>
    /// <exception cref="JsonException">The owners are no list of texts.</exception>
    public static AssetProperties? PropertiesOf(Event reported)
    {
        AssetProperties properties = new()
        {
            Name = reported.Resource.GetValueOrDefault(RelatedObjects.ResourceName),
            Description = reported.Resource.GetValueOrDefault(Description),
            Url = reported.Resource.GetValueOrDefault(Url),
            Owners = reported.Resource.TryGetValue(Owners, out var owners)
                ? JsonSerializer.Deserialize(owners, WireJson.TypeInfo<IReadOnlyList<string>>())
                : null,
        };
        return properties == new AssetProperties() ? null : properties;
    }

    /// <summary>The related resource of an asset that another one was made from.</summary>
    public static IReadOnlyDictionary<string, string> Upstream(string key) => Related(key, AssetRole);

    /// <summary>The related resource of the tool that made an asset.</summary>
    public static IReadOnlyDictionary<string, string> By(string tool) => Related(tool, ByRole);

    /// <summary>The materialization that an event tells of.</summary>
    public static AssetMaterialization MaterializationOf(Event reported, string key, string status) =>
        new()
        {
            Id = reported.Id,
            AssetKey = key,
            Status = status,
            Occurred = reported.Occurred,
            TaskRunId = RunIn(reported, "task-run"),
            FlowRunId = RunIn(reported, "flow-run"),
            MaterializedBy = reported.RelatedIn(ByRole)?.GetValueOrDefault(Event.ResourceId),
            Upstream =
            [
                .. reported
                    .Related.Where(resource => resource.GetValueOrDefault(Event.ResourceRole) == AssetRole)
                    .Select(resource => resource.GetValueOrDefault(Event.ResourceId))
                    .OfType<string>()
                    .Distinct(StringComparer.Ordinal),
            ],
            Metadata = reported.Payload.Count == 0 ? null : reported.Payload,
        };

    private static Guid? RunIn(Event reported, string kind) =>
        reported.RelatedIn(kind) is { } resource ? Event.ObjectId(resource, $"prefect.{kind}") : null;

    private static Dictionary<string, string> Related(string id, string role) =>
        new() { [Event.ResourceId] = id, [Event.ResourceRole] = role };
}
