using System.Text.Json.Serialization;
using Serverless.Core.Json;

namespace Serverless.Core.Models;

/// <summary>What happens to a run beyond its deployment's concurrency limit.</summary>
[JsonConverter(typeof(WireEnumConverter<ConcurrencyLimitStrategy>))]
public enum ConcurrencyLimitStrategy
{
    /// <summary>It waits for a slot.</summary>
    Enqueue,

    /// <summary>It is cancelled.</summary>
    CancelNew,

    /// <summary>It waits for a slot, and the oldest runs are cancelled so that it gets one. Ours: Prefect has no such strategy.</summary>
    CancelRunning,
}
