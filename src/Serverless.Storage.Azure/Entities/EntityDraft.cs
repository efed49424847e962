using System.Text;
using Azure.Data.Tables;
using Serverless.Storage.Keys;

namespace Serverless.Storage.Azure.Entities;

/// <summary>
/// A row to be written: its properties under the names and in the types that the service takes, and which of them are
/// to be spilled. Hidden properties begin with an underscore, which no user's property does:
/// <c>_c</c> the commit that wrote the row; <c>_xs</c> and <c>_xb</c> a text or bytes in a blob; <c>_xd</c> a number that is
/// not one or infinite; <c>_xt</c> the ticks of a time before 1601, where the service's times begin.
/// </summary>
internal sealed class EntityDraft
{
    public const string CommitId = "_c";
    public const string Hidden = "_x";
    public const char SpilledText = 's';
    public const char SpilledBytes = 'b';
    public const char UnusualDouble = 'd';
    public const char EarlyTime = 't';

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Where the service's times begin.</summary>
    public static readonly DateTimeOffset FirstTime = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<Field> _fields;

    /// <summary>The draft of a row; values over a property's limit are spilled.</summary>
    /// <exception cref="ArgumentException">A text holds half a surrogate pair.</exception>
    public EntityDraft(EntityKey key, RowProperties properties)
    {
        Key = key;
        _fields = new(properties.Count);
        StoredBytes = 100 + (2 * (key.PartitionKey.Length + key.RowKey.Length));
        SentBytes = ValueSize.Envelope + (4 * (key.PartitionKey.Length + key.RowKey.Length));
        foreach ((var name, var value) in properties)
        {
            var field = ToField(PropertyName.Encode(name), value);
            _fields.Add(field);
            StoredBytes += field.Stored;
            SentBytes += field.Sent;
            if (ValueSize.ExceedsProperty(field.Value))
            {
                Spill(_fields.Count - 1);
            }
        }
    }

    public EntityKey Key { get; }

    /// <summary>The size of the entity, without what is spilled.</summary>
    public int StoredBytes { get; private set; }

    /// <summary>Most bytes of the entity on the wire, without what is spilled.</summary>
    public int SentBytes { get; private set; }

    /// <summary>Ids of the blobs, once <see cref="Spills"/> has given them.</summary>
    public IEnumerable<string> Blobs => _fields.Where(item => item.Blob is not null).Select(item => item.Blob!.Value.Id);

    /// <summary>The largest value that is not spilled yet and would save something; -1 when there is none.</summary>
    public (int Index, int Sent) Largest()
    {
        var index = -1;
        var sent = 2 * ValueSize.Reference;
        for (var i = 0; i < _fields.Count; i++)
        {
            if (!_fields[i].Spilled && _fields[i].Value is string or byte[] && _fields[i].Sent > sent)
            {
                index = i;
                sent = _fields[i].Sent;
            }
        }

        return (index, sent);
    }

    public void Spill(int index)
    {
        var field = _fields[index];
        StoredBytes += (2 * ValueSize.Reference) - field.Stored;
        SentBytes += (2 * ValueSize.Reference) - field.Sent;
        _fields[index] = field with { Spilled = true };
    }

    /// <summary>Gives every spilled value an id, and answers the blobs to be written.</summary>
    public IEnumerable<(string Blob, byte[] Content)> Spills(Func<string> newId)
    {
        for (var i = 0; i < _fields.Count; i++)
        {
            if (_fields[i].Spilled)
            {
                var content = _fields[i].Value as byte[] ?? Strict.GetBytes((string)_fields[i].Value);
                SpilledValue blob = new(newId(), content.Length);
                _fields[i] = _fields[i] with { Blob = blob };
                yield return (SpilledValue.BlobName(blob.Id, Key), content);
            }
        }
    }

    /// <summary>The entity, after the blobs were written.</summary>
    public TableEntity ToEntity(string commitId)
    {
        TableEntity entity = new(Key.PartitionKey, Key.RowKey) { { CommitId, commitId } };
        foreach (var field in _fields)
        {
            if (field.Blob is { } blob)
            {
                entity.Add($"{Hidden}{(field.Value is string ? SpilledText : SpilledBytes)}{field.Name}", blob.ToString());
            }
            else
            {
                entity.Add(field.Name, field.Value);
            }
        }

        return entity;
    }

    private static Field ToField(string name, object value)
    {
        switch (value)
        {
            case double number when !double.IsFinite(number):
                return new(
                    $"{Hidden}{UnusualDouble}{name}",
                    double.IsNaN(number) ? "NaN"
                        : number > 0 ? "INF"
                        : "-INF"
                );
            case DateTimeOffset time when time < FirstTime:
                return new($"{Hidden}{EarlyTime}{name}", time.UtcTicks);
            case string text:
                _ = Strict.GetByteCount(text);
                return new(name, text);
            default:
                return new(name, value);
        }
    }

    private readonly record struct Field(string Name, object Value, bool Spilled = false, SpilledValue? Blob = null)
    {
        public int Stored { get; } = ValueSize.Stored(Name, Value);

        public int Sent { get; } = ValueSize.Sent(Name, Value);
    }
}
