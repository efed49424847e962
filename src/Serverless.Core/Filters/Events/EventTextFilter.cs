using System.ComponentModel.DataAnnotations;
using Serverless.Core.Models;

namespace Serverless.Core.Filters;

/// <summary>
/// A search in the name, the values of labels and the payload of an event, in the language of <see cref="LogTextFilter"/>.
/// </summary>
public sealed record EventTextFilter
{
    private SearchTerms? _terms;

    /// <summary>The search; at most 200 characters on the wire.</summary>
    [StringLength(200)]
    public required string Query { get; init; }

    internal bool Matches(Event reported)
    {
        _terms ??= SearchTerms.Parse(Query);
        return _terms.Matches(
            string.Join(
                ' ',
                [
                    reported.Name,
                    .. reported.Resource.Values,
                    .. reported.Related.SelectMany(resource => resource.Values),
                    .. reported.Payload.SelectMany(member => (string[])[member.Key, member.Value.ToString()]),
                ]
            )
        );
    }
}
