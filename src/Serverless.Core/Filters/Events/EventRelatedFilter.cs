using Serverless.Core.Models;

namespace Serverless.Core.Filters;

/// <summary>
/// Criteria on one related resource of an event. An empty list says nothing; a filter without criteria matches every event. Prefect applies
/// it to the events that it has stored, and passes it over for those who follow events; here it always counts.
/// </summary>
public sealed record EventRelatedFilter
{
    /// <summary>Its id is one of these.</summary>
    public IReadOnlyList<string>? Id { get; init; }

    /// <summary>Its role is one of these.</summary>
    public IReadOnlyList<string>? Role { get; init; }

    /// <summary>Its id and its role are one of these pairs.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? ResourcesInRoles { get; init; }

    /// <summary>Its labels.</summary>
    public LabelFilter? Labels { get; init; }

    internal bool HasOtherThanPairs => ResourcesInRoles?.Any(pair => pair.Count != 2) == true;

    internal bool Matches(IReadOnlyList<IReadOnlyDictionary<string, string>> related, ref int steps)
    {
        if (
            Id is not { Count: > 0 }
            && Role is not { Count: > 0 }
            && ResourcesInRoles is not { Count: > 0 }
            && Labels is not { Count: > 0 }
        )
        {
            return true;
        }

        foreach (var resource in related)
        {
            var role = resource.GetValueOrDefault(Event.ResourceRole);
            if (
                (Role is not { Count: > 0 } || Role.Contains(role))
                && (ResourcesInRoles is not { Count: > 0 } || IsInRole(resource.GetValueOrDefault(Event.ResourceId), role))
                && ResourceCriteria.Match(resource, Id, null, Labels, ref steps)
            )
            {
                return true;
            }
        }

        return false;
    }

    internal IEnumerable<string> Texts() =>
        [.. Id ?? [], .. Role ?? [], .. ResourcesInRoles?.SelectMany(pair => pair) ?? [], .. Labels?.Texts() ?? []];

    private bool IsInRole(string? id, string? role) =>
        ResourcesInRoles!.Any(pair => pair is [var its, var inRole] && its == id && inRole == role);
}
