using System.Globalization;
using Serverless.Storage.Azure.Entities;
using Serverless.Storage.Sqlite;

namespace Serverless.Storage.Azure.Commits;

/// <summary>
/// The journal row of a commit: written with it, it holds the derived operations until they are applied. Its key begins
/// with '~', above every user's key, then the time at which the commit began.
/// </summary>
internal static class Journal
{
    /// <summary>The property that holds the operations.</summary>
    public const string Property = "derived";

    /// <summary>Above every user's row and below every row of the system.</summary>
    public const string FirstSystemKey = "~";

    private const string Prefix = "~j|";
    private const byte Version = 1;

    /// <summary>The key of a journal row.</summary>
    public static string Key(DateTimeOffset began, string commitId) => $"{LowestKey(began)}|{commitId}";

    /// <summary>Below all journal rows of that time and later.</summary>
    public static string LowestKey(DateTimeOffset began) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{began.UtcTicks:d19}");

    /// <summary>Below all journal rows.</summary>
    public static string LowestKey() => Prefix;

    public static EntityDraft Draft(
        PartitionAddress partition,
        DateTimeOffset began,
        string commitId,
        IReadOnlyList<RowOperation> derived
    ) => new(new(partition.Table, partition.PartitionKey, Key(began, commitId)), new() { { Property, Write(derived) } });

    /// <summary>The operations as bytes.</summary>
    public static byte[] Write(IReadOnlyList<RowOperation> derived)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(Version);
        writer.Write7BitEncodedInt(derived.Count);
        foreach (var operation in derived)
        {
            writer.Write(operation.Address.Table);
            writer.Write(operation.Address.PartitionKey);
            writer.Write(operation.Address.RowKey);
            byte[] properties = [];
            if (operation.Properties is { } values)
            {
                properties = new byte[RowPropertiesCodec.Size(values)];
                _ = RowPropertiesCodec.Write(values, properties);
            }

            // Even no properties have a version byte, so nothing at all is a deletion.
            writer.Write7BitEncodedInt(properties.Length);
            writer.Write(properties);
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> has written.</summary>
    /// <exception cref="InvalidDataException">The bytes are not of this format.</exception>
    public static IReadOnlyList<RowOperation> Read(byte[] bytes)
    {
        using BinaryReader reader = new(new MemoryStream(bytes));
        try
        {
            if (reader.ReadByte() != Version)
            {
                throw new InvalidDataException("A journal row has an unknown format.");
            }

            var derived = new RowOperation[reader.Read7BitEncodedInt()];
            for (var i = 0; i < derived.Length; i++)
            {
                RowAddress address = new(reader.ReadString(), reader.ReadString(), reader.ReadString());
                var properties = reader.ReadBytes(reader.Read7BitEncodedInt());
                derived[i] =
                    properties.Length == 0
                        ? RowOperation.Delete(address)
                        : RowOperation.Upsert(address, RowPropertiesCodec.Read(properties));
            }

            return derived;
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or OverflowException)
        {
            throw new InvalidDataException("A journal row is damaged.", e);
        }
    }
}
