using System.ComponentModel.DataAnnotations;
using Serverless.Core.Validation;

namespace Serverless.Core.Filters;

/// <summary>What the bodies of <c>POST …/filter</c> have in common: filters, and which part of the list is wanted.</summary>
public abstract record RunQuery : RunFilters
{
    /// <summary>How many to skip; not negative.</summary>
    [Range(0, int.MaxValue)]
    public int Offset { get; init; }

    /// <summary>How many to return at most; null for the server's default.</summary>
    [PageLimit]
    public int? Limit { get; init; }
}
