using System.ComponentModel.DataAnnotations;
using Serverless.Core.Models;

namespace Serverless.Core.Filters;

/// <summary>
/// A search in log lines and logger names, ignoring case: <c>a b</c> finds either, <c>-a</c> (or <c>!a</c>) leaves out,
/// <c>+a</c> must be there, <c>"a b"</c> is a phrase in which a backslash escapes quotes and itself.
/// </summary>
public sealed record LogTextFilter
{
    private SearchTerms? _terms;

    /// <summary>The search; at most 200 characters on the wire.</summary>
    [StringLength(200)]
    public required string Query { get; init; }

    internal bool Matches(Log log)
    {
        _terms ??= SearchTerms.Parse(Query);
        return _terms.Matches($"{log.Message} {log.Name}");
    }
}
