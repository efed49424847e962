using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>A task run made an asset, or tried to.</summary>
public sealed record AssetMaterialization
{
    /// <summary>The id of the event.</summary>
    public required Guid Id { get; init; }

    /// <summary>The asset's key.</summary>
    public required string AssetKey { get; init; }

    /// <summary><c>succeeded</c> or <c>failed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>When it happened (UTC).</summary>
    public required DateTimeOffset Occurred { get; init; }

    /// <summary>The task run; null if the event names none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? TaskRunId { get; init; }

    /// <summary>The flow run; null if the event names none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? FlowRunId { get; init; }

    /// <summary>The tool that made it, as in <c>dbt</c>; null if the event names none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MaterializedBy { get; init; }

    /// <summary>The keys of the assets that it was made from.</summary>
    public IReadOnlyList<string> Upstream
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>What the task said of it; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, JsonElement>? Metadata { get; init; }
}
