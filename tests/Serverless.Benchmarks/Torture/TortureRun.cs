using System.Text.Json.Nodes;

namespace Serverless.Benchmarks.Torture;

/// <summary>A run whose creation was acknowledged, and what was asked of it since: that decides how it may end.</summary>
internal sealed class TortureRun
{
    public required Guid Id { get; init; }

    public required string Flow { get; init; }

    /// <summary>What it returns if it completes; null for anything.</summary>
    public JsonNode? Expected { get; init; }

    /// <summary>Somebody asked for another end, perhaps in vain.</summary>
    public bool MayBeCancelled { get; set; }

    /// <summary>Its deletion was asked for, and may or may not have been carried out when the host died.</summary>
    public bool MayBeDeleted { get; set; }

    /// <summary>Its deletion was acknowledged.</summary>
    public bool IsDeleted { get; set; }
}
