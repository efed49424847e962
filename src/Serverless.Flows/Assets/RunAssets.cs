using System.Text.Json;
using Serverless.Core.Models;

namespace Serverless.Flows;

/// <summary>
/// The assets that an attempt of a task makes, as <see cref="MaterializeAttribute"/> declares them. What its code says of them is recorded
/// with the materializations.
/// </summary>
public sealed class RunAssets
{
    /// <summary>Most characters of the JSON of the metadata of one asset.</summary>
    public const int MaxMetadataCharacters = 100_000;

    private readonly Lock _lock = new();
    private Dictionary<string, Dictionary<string, JsonElement>>? _metadata;
    private IReadOnlyList<TaskRunAsset>? _declared;

    internal RunAssets() { }

    /// <summary>
    /// The keys of the assets, in the order of the attributes; none in a context that a unit test made: that takes metadata of any asset.
    /// </summary>
    public IReadOnlyList<string> Keys => [.. _declared?.Select(asset => asset.Key) ?? []];

    /// <summary>What the attempt makes, with what its code said of it; null for nothing.</summary>
    internal TaskRunAssets? Made
    {
        get
        {
            if (_declared is not { Count: > 0 } declared)
            {
                return null;
            }

            lock (_lock)
            {
                return new TaskRunAssets([
                    .. declared.Select(asset =>
                        _metadata?.GetValueOrDefault(asset.Key) is { } members ? asset with { Metadata = members } : asset
                    ),
                ]);
            }
        }
    }

    /// <summary>Adds metadata to the only asset of the task, see <see cref="AddMetadata(string, object)"/>.</summary>
    /// <exception cref="InvalidOperationException">The task declares no asset, or more than one.</exception>
    public void AddMetadata(object metadata) =>
        AddMetadata(
            Keys is [var key]
                ? key
                : throw new InvalidOperationException($"The task declares {Keys.Count} assets: name the one that the metadata is about."),
            metadata
        );

    /// <summary>
    /// Adds metadata to an asset, as in <c>AddMetadata(key, new { rows = 10 })</c>. A member that is there already gets the new value.
    /// </summary>
    /// <param name="key">The asset's key.</param>
    /// <param name="metadata">An object whose members are the metadata, or a dictionary; it is written as JSON.</param>
    /// <exception cref="ArgumentException">The task does not declare the asset, or the metadata is no JSON object.</exception>
    /// <exception cref="PayloadLimitException">The metadata of the asset has more than <see cref="MaxMetadataCharacters"/>.</exception>
    public void AddMetadata(string key, object metadata)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(metadata);
        if (_declared is { } declared && !declared.Any(asset => asset.Key == key))
        {
            throw new ArgumentException(
                $"The task does not make the asset '{key}' (it makes: {(Keys.Count == 0 ? "none" : string.Join(", ", Keys))}). "
                    + "Declare it by [Materialize(…)].",
                nameof(key)
            );
        }

        var json = JsonSerializer.SerializeToElement(metadata, metadata.GetType(), FlowJson.Options);
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new ArgumentException($"Metadata of an asset is a JSON object; this is {json.ValueKind}.", nameof(metadata));
        }

        lock (_lock)
        {
            Dictionary<string, JsonElement> merged = new(_metadata?.GetValueOrDefault(key) ?? [], StringComparer.Ordinal);
            foreach (var member in json.EnumerateObject())
            {
                merged[member.Name] = member.Value;
            }

            var length = merged.Sum(member => (long)member.Key.Length + member.Value.GetRawText().Length);
            if (length > MaxMetadataCharacters)
            {
                throw PayloadLimitException.Of(
                    $"The metadata of asset '{key}'",
                    length,
                    MaxMetadataCharacters,
                    "Keep more in an artifact, and its key in the metadata."
                );
            }

            (_metadata ??= new(StringComparer.Ordinal))[key] = merged;
        }
    }

    /// <summary>What was added to an asset; null for nothing. For unit tests of a task's method.</summary>
    public IReadOnlyDictionary<string, JsonElement>? MetadataOf(string key)
    {
        lock (_lock)
        {
            return _metadata?.GetValueOrDefault(key);
        }
    }

    /// <summary>Says which assets the attempt makes.</summary>
    /// <exception cref="InvalidOperationException">The arguments do not make a key.</exception>
    internal void Begin(TaskDefinition task, string argumentsJson)
    {
        if (task.Assets.Count > 0)
        {
            _declared = [.. task.Assets.Select(asset => asset.Of(argumentsJson))];
        }
        else
        {
            _declared ??= [];
        }
    }
}
