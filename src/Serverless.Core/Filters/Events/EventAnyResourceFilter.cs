using Serverless.Core.Models;

namespace Serverless.Core.Filters;

/// <summary>Criteria on a resource of an event, whether it happened to it or only has to do with it. An empty list says nothing.</summary>
public sealed record EventAnyResourceFilter
{
    /// <summary>Its id is one of these.</summary>
    public IReadOnlyList<string>? Id { get; init; }

    /// <summary>Its id begins with one of these.</summary>
    public IReadOnlyList<string>? IdPrefix { get; init; }

    /// <summary>Its labels.</summary>
    public LabelFilter? Labels { get; init; }

    internal bool Matches(Event reported, ref int steps)
    {
        if (Matches(reported.Resource, ref steps))
        {
            return true;
        }

        foreach (var related in reported.Related)
        {
            if (Matches(related, ref steps))
            {
                return true;
            }
        }

        return false;
    }

    internal IEnumerable<string> Texts() => [.. Id ?? [], .. IdPrefix ?? [], .. Labels?.Texts() ?? []];

    private bool Matches(IReadOnlyDictionary<string, string> resource, ref int steps) =>
        ResourceCriteria.Match(resource, Id, IdPrefix, Labels, ref steps);
}
