using System.Collections;

namespace Azure.Data.Tables;

/// <remarks>A property of type Edm.DateTime reads as a <see cref="DateTimeOffset"/>, as with the real client.</remarks>
public sealed class TableEntity : ITableEntity, IDictionary<string, object>
{
    private readonly Dictionary<string, object> _properties;

    public TableEntity()
        : this(null)
    {
    }

    public TableEntity(string partitionKey, string rowKey)
        : this(null)
    {
        PartitionKey = partitionKey;
        RowKey = rowKey;
    }

    public TableEntity(IDictionary<string, object> values)
        => _properties = values is null ? [] : new Dictionary<string, object>(values);

    public string PartitionKey
    {
        get => GetString(nameof(PartitionKey));
        set => _properties[nameof(PartitionKey)] = value;
    }

    public string RowKey
    {
        get => GetString(nameof(RowKey));
        set => _properties[nameof(RowKey)] = value;
    }

    public DateTimeOffset? Timestamp
    {
        get => Get<DateTimeOffset?>(nameof(Timestamp));
        set => _properties[nameof(Timestamp)] = value;
    }

    public ETag ETag
    {
        get => new(GetString(ETagKey));
        set => _properties[ETagKey] = value.ToString();
    }

    public int Count => _properties.Count;

    public ICollection<string> Keys => _properties.Keys;

    ICollection<object> IDictionary<string, object>.Values => _properties.Values;

    bool ICollection<KeyValuePair<string, object>>.IsReadOnly => false;

    /// <summary>The name under which the ETag is kept among the properties, and in which the service sends it.</summary>
    internal const string ETagKey = "odata.etag";

    public object this[string key]
    {
        get => Find(key);
        set => Set(key, value);
    }

    public string GetString(string key)
        => Find(key) switch
        {
            // Dates become the text in which they travel.
            DateTime date => Internal.EdmText.Of(date),
            DateTimeOffset date => Internal.EdmText.Of(date),
            object value => Cast<string>(value),
            null => null,
        };

    public byte[] GetBinary(string key)
        => Find(key) is BinaryData data ? data.ToArray() : Get<byte[]>(key);

    public BinaryData GetBinaryData(string key)
        => Find(key) is byte[] bytes ? BinaryData.FromBytes(bytes) : Get<BinaryData>(key);

    public bool? GetBoolean(string key) => Get<bool?>(key);

    public DateTime? GetDateTime(string key)
        => Find(key) is DateTimeOffset date ? date.UtcDateTime : Get<DateTime?>(key);

    public DateTimeOffset? GetDateTimeOffset(string key)
        => Find(key) is DateTime date ? new DateTimeOffset(date) : Get<DateTimeOffset?>(key);

    public double? GetDouble(string key) => Get<double?>(key);

    public Guid? GetGuid(string key) => Get<Guid?>(key);

    public int? GetInt32(string key) => Get<int?>(key);

    public long? GetInt64(string key) => Get<long?>(key);

    public void Add(string key, object value) => Set(key, value);

    public bool ContainsKey(string key) => _properties.ContainsKey(key);

    public bool Remove(string key) => _properties.Remove(key);

    public bool TryGetValue(string key, out object value) => _properties.TryGetValue(key, out value);

    public void Clear() => _properties.Clear();

    void ICollection<KeyValuePair<string, object>>.Add(KeyValuePair<string, object> item) => Set(item.Key, item.Value);

    bool ICollection<KeyValuePair<string, object>>.Contains(KeyValuePair<string, object> item) => _properties.Contains(item);

    void ICollection<KeyValuePair<string, object>>.CopyTo(KeyValuePair<string, object>[] array, int arrayIndex)
        => ((ICollection<KeyValuePair<string, object>>)_properties).CopyTo(array, arrayIndex);

    bool ICollection<KeyValuePair<string, object>>.Remove(KeyValuePair<string, object> item)
        => ((ICollection<KeyValuePair<string, object>>)_properties).Remove(item);

    IEnumerator<KeyValuePair<string, object>> IEnumerable<KeyValuePair<string, object>>.GetEnumerator() => _properties.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _properties.GetEnumerator();

    private static T Cast<T>(object value)
        => value is T typed ? typed : throw new InvalidOperationException($"Cannot return {typeof(T)} type for a {value.GetType()} typed property.");

    private object Find(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return _properties.GetValueOrDefault(key);
    }

    private T Get<T>(string key) => Find(key) is { } value ? Cast<T>(value) : default;

    /// <summary>A property keeps its type once it has a value; only integers widen.</summary>
    private void Set(string key, object value)
    {
        if (value is not null && Find(key) is { } old && !old.GetType().IsAssignableFrom(value.GetType()))
        {
            value = (old, value) switch
            {
                (int, double or long) => value,
                (double, int number) => (double)number,
                (long, int number) => (long)number,
                (string, DateTime date) => Internal.EdmText.Of(date),
                (string, DateTimeOffset date) => Internal.EdmText.Of(date),
                _ => throw new InvalidOperationException($"Value ({old.GetType()}) {old} is not convertable to ({value.GetType()}) {value}."),
            };
        }

        _properties[key] = value;
    }
}
