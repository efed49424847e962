namespace Serverless.Storage;

/// <summary>What a property of a row has to be. A row without the property does not meet it.</summary>
/// <param name="Property">The property.</param>
public sealed record RowCondition(string Property)
{
    /// <summary>One of these values, all of one type; null for any.</summary>
    public IReadOnlyList<object>? Any { get; init; }

    /// <summary>Not before this time; null for no bound.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Not after this time; null for no bound.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>True for the properties of a row that meets the condition.</summary>
    public bool IsMet(RowProperties properties)
    {
        ArgumentNullException.ThrowIfNull(properties);
        return properties.Get<object>(Property) is { } value
            && (Any?.Contains(value) ?? true)
            && (From is not { } from || (DateTimeOffset)value >= from)
            && (To is not { } to || (DateTimeOffset)value <= to);
    }
}
