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
}
