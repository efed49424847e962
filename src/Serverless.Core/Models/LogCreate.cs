using System.Text.Json.Serialization;
using Serverless.Core.Validation;

namespace Serverless.Core.Models;

/// <summary>One line in the body of <c>POST /logs/</c>.</summary>
public sealed record LogCreate
{
    /// <summary>The logger's name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string Name { get; init; }

    /// <inheritdoc cref="Log.Level"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required int Level { get; init; }

    /// <summary>The text.</summary>
    [AnyLength]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string Message { get; init; }

    /// <inheritdoc cref="Log.Timestamp"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The flow run that logged it; null for none.</summary>
    public Guid? FlowRunId { get; init; }

    /// <summary>The task run that logged it; null for none.</summary>
    public Guid? TaskRunId { get; init; }
}
