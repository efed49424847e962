using System.ComponentModel.DataAnnotations;

namespace Serverless.Core.Filters;

/// <summary>Body of <c>POST /assets/filter</c>, as <c>prefect cloud asset ls</c> sends it.</summary>
public sealed record AssetQuery
{
    /// <summary>Only such assets; null for all.</summary>
    public AssetFilter? Filter { get; init; }

    /// <summary>How many to return at most.</summary>
    [Range(1, 200)]
    public int Limit { get; set; } = 50;

    /// <summary>How many to skip.</summary>
    [Range(0, int.MaxValue)]
    public int Offset { get; init; }
}
