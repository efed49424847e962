using Serverless.Core.Models;

namespace Serverless.Core.Filters;

/// <summary>What the filters of resources have in common.</summary>
internal static class ResourceCriteria
{
    public static bool Match(
        IReadOnlyDictionary<string, string> resource,
        IReadOnlyList<string>? ids,
        IReadOnlyList<string>? prefixes,
        LabelFilter? labels,
        ref int steps
    )
    {
        var id = resource.GetValueOrDefault(Event.ResourceId) ?? "";
        return (ids is not { Count: > 0 } || ids.Contains(id))
            && (prefixes is not { Count: > 0 } || EventNameFilter.Begins(id, prefixes))
            && (labels is null || labels.Matches(resource, ref steps));
    }
}
