namespace Serverless.Core.Filters;

/// <summary>Criteria on the id of an event.</summary>
public sealed record EventIdFilter
{
    /// <summary>One of these; an empty list says nothing.</summary>
    public IReadOnlyList<Guid>? Id { get; init; }

    internal bool Matches(Guid id) => Id is not { Count: > 0 } || Id.Contains(id);
}
