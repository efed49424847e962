using System.Globalization;
using Azure.Data.Tables;
using Serverless.Storage.Keys;

namespace Serverless.Storage.Azure.Entities;

/// <summary>A row as it was read, before its spilled values are fetched.</summary>
internal sealed class StoredEntity
{
    private readonly List<(string Name, bool IsText, SpilledValue Value)> _spilled = [];
    private readonly RowProperties _properties = new();

    /// <summary>Takes an entity apart.</summary>
    /// <exception cref="InvalidDataException">The entity was not written by this store.</exception>
    public StoredEntity(string table, TableEntity entity)
    {
        Key = new(table, entity.PartitionKey, entity.RowKey);
        var size = 0;
        foreach ((var name, var value) in (IDictionary<string, object>)entity)
        {
            if (name[0] == '_')
            {
                AddHidden(name, value);
            }
            else if (value is not null && name is not ("PartitionKey" or "RowKey" or "Timestamp" or "odata.etag"))
            {
                _properties.AddStored(name, value is BinaryData data ? data.ToArray() : value);
            }

            size += value is string or byte[] ? ValueSize.Stored(name, value) : 20;
        }

        Size = size + _spilled.Sum(spilled => spilled.Value.Size);
        ETag = RowETag.Format(entity.ETag, _spilled.Select(spilled => spilled.Value.Id));
    }

    public EntityKey Key { get; }

    /// <summary>The ETag for callers.</summary>
    public string ETag { get; }

    /// <summary>The commit that wrote it.</summary>
    public string? CommitId { get; private set; }

    /// <summary>About how much memory the row takes, spilled values included.</summary>
    public long Size { get; }

    public IReadOnlyList<(string Name, bool IsText, SpilledValue Value)> Spilled => _spilled;

    public Row ToRow() => new(OrderedKey.Decode(Key.PartitionKey), OrderedKey.Decode(Key.RowKey), _properties, ETag);

    /// <summary>The properties; the spilled ones only after <see cref="Fill"/>.</summary>
    public RowProperties Properties => _properties;

    /// <summary>Adds a spilled value.</summary>
    public void Fill(int index, BinaryData content) =>
        _properties.AddStored(_spilled[index].Name, _spilled[index].IsText ? content.ToString() : content.ToArray());

    private void AddHidden(string name, object value)
    {
        if (name == EntityDraft.CommitId)
        {
            CommitId = value as string;
        }
        else if (name.StartsWith(EntityDraft.Hidden, StringComparison.Ordinal) && name.Length > EntityDraft.Hidden.Length + 1)
        {
            var user = PropertyName.Decode(name[(EntityDraft.Hidden.Length + 1)..]);
            switch (name[EntityDraft.Hidden.Length], value)
            {
                case (EntityDraft.SpilledText or EntityDraft.SpilledBytes, string reference):
                    _spilled.Add((user, name[EntityDraft.Hidden.Length] == EntityDraft.SpilledText, SpilledValue.Parse(reference)));
                    break;
                case (EntityDraft.UnusualDouble, string number):
                    _properties.AddStored(
                        user,
                        number switch
                        {
                            "INF" => double.PositiveInfinity,
                            "-INF" => double.NegativeInfinity,
                            _ => double.NaN,
                        }
                    );
                    break;
                case (EntityDraft.EarlyTime, _):
                    _properties.AddStored(user, new DateTimeOffset(Convert.ToInt64(value, CultureInfo.InvariantCulture), TimeSpan.Zero));
                    break;
                default:
                    throw new InvalidDataException($"The row '{Key}' has the property '{name}', which this store does not write.");
            }
        }
        else
        {
            _properties.AddStored(PropertyName.Decode(name), value is BinaryData data ? data.ToArray() : value);
        }
    }
}
