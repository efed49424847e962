using System.ComponentModel.DataAnnotations;

namespace Serverless.Core.Models;

/// <summary>What people want to know of an asset (Prefect's AssetProperties). Properties that are given replace all former ones.</summary>
public sealed record AssetProperties
{
    /// <summary>Most characters of <see cref="Description"/> (Prefect's).</summary>
    public const int LongestDescription = 2500;

    /// <summary>A name to read; null for none.</summary>
    public string? Name { get; init; }

    /// <summary>Where it can be looked at; null for none.</summary>
    public string? Url { get; init; }

    /// <summary>What it is, in Markdown; null for none.</summary>
    [StringLength(LongestDescription)]
    public string? Description { get; init; }

    /// <summary>Who is responsible for it; null for nobody.</summary>
    public IReadOnlyList<string>? Owners { get; init; }
}
