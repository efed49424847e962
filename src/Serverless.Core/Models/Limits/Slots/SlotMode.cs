using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>What a client takes slots as.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SlotMode>))]
public enum SlotMode
{
    /// <summary>It releases them.</summary>
    [JsonStringEnumMemberName("concurrency")]
    Concurrency,

    /// <summary>They become free by themselves: every limit has to be a rate limit.</summary>
    [JsonStringEnumMemberName("rate_limit")]
    RateLimit,
}
