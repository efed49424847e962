using System.Collections;

namespace Serverless.Storage;

/// <summary>
/// The typed properties of a row: <see cref="string"/>, <see cref="bool"/>, <see cref="int"/>, <see cref="long"/>,
/// <see cref="double"/>, <see cref="DateTimeOffset"/> (kept in UTC, 100 ns), <see cref="Guid"/> and
/// <see cref="byte"/>[] (the Edm types of Azure Tables). A property that is set to null is absent.
/// </summary>
public sealed class RowProperties : IEnumerable<KeyValuePair<string, object>>
{
    private readonly List<KeyValuePair<string, object>> _values = [];

    /// <summary>The number of properties.</summary>
    public int Count => _values.Count;

    /// <summary>Sets a property that is not set yet; null is skipped. (Collection initializers call it.)</summary>
    /// <exception cref="ArgumentException">The type is not one of the list, or the name is taken.</exception>
    public void Add(string name, object? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (value is null)
        {
            return;
        }

        if (value is not (string or bool or int or long or double or DateTimeOffset or Guid or byte[]))
        {
            throw new ArgumentException($"Property '{name}' has type {value.GetType().Name}, which a row cannot store.", nameof(value));
        }

        if (Find(name) is not null)
        {
            throw new ArgumentException($"Property '{name}' is set twice.", nameof(name));
        }

        _values.Add(new(name, value is DateTimeOffset time ? time.ToUniversalTime() : value));
    }

    /// <summary>The property's value, or null (or the default of a value type's nullable) when it is absent.</summary>
    /// <exception cref="InvalidCastException">The property has another type.</exception>
    public T? Get<T>(string name) => Find(name) is { } value ? (T)value : default;

    /// <summary>The property's bytes; throws when it is absent.</summary>
    /// <exception cref="KeyNotFoundException">The row has no such property.</exception>
    public byte[] GetBytes(string name) => (byte[])(Find(name) ?? throw new KeyNotFoundException($"The row has no property '{name}'."));

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Adds what a store has read: known to be of the list and unique.</summary>
    internal void AddStored(string name, object value) => _values.Add(new(name, value));

    private object? Find(string name)
    {
        foreach (var pair in _values)
        {
            if (pair.Key == name)
            {
                return pair.Value;
            }
        }

        return null;
    }
}
