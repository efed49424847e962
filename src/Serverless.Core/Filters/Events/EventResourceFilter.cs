namespace Serverless.Core.Filters;

/// <summary>Criteria on what an event happened to. An empty list says nothing.</summary>
public sealed record EventResourceFilter
{
    /// <summary>Its id is one of these.</summary>
    public IReadOnlyList<string>? Id { get; init; }

    /// <summary>Its id begins with one of these.</summary>
    public IReadOnlyList<string>? IdPrefix { get; init; }

    /// <summary>Its labels.</summary>
    public LabelFilter? Labels { get; init; }

    /// <summary>In Prefect's lists one event a resource. It says nothing to those who follow events.</summary>
    public bool Distinct { get; init; }

    internal bool Matches(IReadOnlyDictionary<string, string> resource, ref int steps) =>
        ResourceCriteria.Match(resource, Id, IdPrefix, Labels, ref steps);

    internal IEnumerable<string> Texts() => [.. Id ?? [], .. IdPrefix ?? [], .. Labels?.Texts() ?? []];
}
