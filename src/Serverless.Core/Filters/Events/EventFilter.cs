using Serverless.Core.Models;

namespace Serverless.Core.Filters;

/// <summary>Which events are wanted: those that match all criteria (Prefect's EventFilter).</summary>
public sealed record EventFilter
{
    /// <summary>The most filters, names and values in one filter.</summary>
    public const int MostCriteria = 1_000;

    /// <summary>The most characters of a name or value.</summary>
    public const int LongestText = 1_024;

    /// <summary>
    /// The most characters that are compared for one event. Patterns with several stars could otherwise take as many as there are in the
    /// pattern times those in the value.
    /// </summary>
    private const int MostSteps = 1_000_000;

    /// <summary>When it happened.</summary>
    public EventOccurredFilter? Occurred { get; init; }

    /// <summary>What happened.</summary>
    public EventNameFilter? Event { get; init; }

    /// <summary>What it happened to.</summary>
    public EventResourceFilter? Resource { get; init; }

    /// <summary>What else has to do with it: each of these filters has a related resource that matches it.</summary>
    public EventRelatedFilters? Related { get; init; }

    /// <summary>Either of the two: each of these filters has a resource that matches it.</summary>
    public EventAnyResourceFilters? AnyResource { get; init; }

    /// <summary>The event's id.</summary>
    public EventIdFilter? Id { get; init; }

    /// <summary>What it says.</summary>
    public EventTextFilter? Text { get; init; }

    /// <summary>In which order events are listed. It says nothing to those who follow events.</summary>
    public EventOrder Order { get; init; }

    /// <summary>True when <paramref name="reported"/> is wanted.</summary>
    public bool Matches(Event reported)
    {
        ArgumentNullException.ThrowIfNull(reported);
        var steps = MostSteps;
        return Occurred?.Matches(reported.Occurred) != false
            && Id?.Matches(reported.Id) != false
            && Event?.Matches(reported.Name) != false
            && Resource?.Matches(reported.Resource, ref steps) != false
            && MatchesRelated(reported, ref steps)
            && MatchesAny(reported, ref steps)
            && Text?.Matches(reported) != false;
    }

    /// <summary>Why the filter is too large to be compared with every event; null when it is not.</summary>
    public string? Flaw()
    {
        var texts = Texts().ToList();
        var filters = (Related?.All.Count ?? 0) + (AnyResource?.All.Count ?? 0);
        return texts.Count + filters > MostCriteria ? $"A filter has at most {MostCriteria} filters, names and values."
            : texts.Exists(text => text.Length > LongestText) ? $"A text in a filter has at most {LongestText} characters."
            : Related?.All.Any(filter => filter.HasOtherThanPairs) == true ? "Each of resources_in_roles is a resource's id and a role."
            : null;
    }

    private bool MatchesRelated(Event reported, ref int steps)
    {
        foreach (var filter in Related?.All ?? [])
        {
            if (!filter.Matches(reported.Related, ref steps))
            {
                return false;
            }
        }

        return true;
    }

    private bool MatchesAny(Event reported, ref int steps)
    {
        foreach (var filter in AnyResource?.All ?? [])
        {
            if (!filter.Matches(reported, ref steps))
            {
                return false;
            }
        }

        return true;
    }

    private IEnumerable<string> Texts() =>
        [
            .. Event?.Texts() ?? [],
            .. Resource?.Texts() ?? [],
            .. Related?.All.SelectMany(filter => filter.Texts()) ?? [],
            .. AnyResource?.All.SelectMany(filter => filter.Texts()) ?? [],
        ];
}
