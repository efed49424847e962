using System.ComponentModel.DataAnnotations;
using Serverless.Core.Validation;

namespace Serverless.Core.Filters;

/// <summary>Body of <c>POST /logs/filter</c>.</summary>
public sealed record LogQuery
{
    /// <summary>Only such log lines.</summary>
    public LogFilter? Logs { get; init; }

    /// <summary>The order.</summary>
    public LogSort Sort { get; init; }

    /// <summary>How many to skip; not negative.</summary>
    [Range(0, int.MaxValue)]
    public int Offset { get; init; }

    /// <summary>How many to return at most; null for the server's default.</summary>
    [PageLimit]
    public int? Limit { get; init; }
}
