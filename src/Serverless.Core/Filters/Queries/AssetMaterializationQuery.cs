using System.ComponentModel.DataAnnotations;
using Serverless.Core.Validation;

namespace Serverless.Core.Filters;

/// <summary>Body of <c>POST /assets/materializations/filter</c>.</summary>
public sealed record AssetMaterializationQuery
{
    /// <summary>The asset's key.</summary>
    [AnyLength]
    public required string Key { get; init; }

    /// <summary>How many to return at most.</summary>
    [Range(1, 200)]
    public int Limit { get; set; } = 50;

    /// <summary>How many to skip.</summary>
    [Range(0, int.MaxValue)]
    public int Offset { get; init; }
}
