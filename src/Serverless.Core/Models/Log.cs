using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>One log line of a run.</summary>
public sealed record Log
{
    /// <summary>The id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid Id { get; init; }

    /// <summary>When it was first stored (UTC).</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it was last changed (UTC).</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>The logger's name.</summary>
    public required string Name { get; init; }

    /// <summary>Python's numeric level: 10 debug, 20 info, 30 warning, 40 error, 50 critical.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required int Level { get; init; }

    /// <summary>The text.</summary>
    public required string Message { get; init; }

    /// <summary>When it was logged (UTC).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The flow run that logged it.</summary>
    public Guid? FlowRunId { get; init; }

    /// <summary>The task run that logged it.</summary>
    public Guid? TaskRunId { get; init; }
}
