using System.ComponentModel.DataAnnotations;
using Serverless.Core.Validation;

namespace Serverless.Api.Bodies;

/// <summary>Body of lists that take no filter; all of it may be left out.</summary>
internal sealed record PageRequestBody
{
    /// <summary>How many to return at most.</summary>
    [PageLimit]
    public int? Limit { get; init; }

    /// <summary>How many to skip.</summary>
    [Range(0, int.MaxValue)]
    public int Offset { get; init; }
}
