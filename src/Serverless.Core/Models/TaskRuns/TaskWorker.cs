using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>A program that runs background tasks and is connected (Prefect's TaskWorkerResponse).</summary>
public sealed record TaskWorker
{
    /// <summary>Its name for itself.</summary>
    public required string Identifier { get; init; }

    /// <summary>The tasks whose runs it takes.</summary>
    public required IReadOnlyList<string> TaskKeys { get; init; }

    /// <summary>When it was last known to be connected (UTC).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required DateTimeOffset Timestamp { get; init; }
}
