using System.Text.Json;

namespace Serverless.Core.Models;

/// <summary>An asset that a task makes.</summary>
/// <param name="Key">The asset's key.</param>
public sealed record TaskRunAsset(string Key)
{
    /// <summary>What the task declares of it; null for nothing.</summary>
    public AssetProperties? Properties { get; init; }

    /// <summary>The tool that makes it; null for none.</summary>
    public string? MaterializedBy { get; init; }

    /// <summary>What the code said of it; null for nothing.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Metadata { get; init; }
}
