using System.Buffers.Binary;

namespace Serverless.Storage.Sqlite;

/// <summary>
/// Properties as bytes: a version byte, then for each property the length of its name (one byte), the name in
/// UTF-8, a type tag and the value. Numbers are little-endian; text and bytes follow their length (four bytes).
/// </summary>
internal static class RowPropertiesCodec
{
    private const byte Version = 1;
    private const int MaxNameBytes = byte.MaxValue;

    private enum Tag : byte
    {
        Text = 1,
        False = 2,
        True = 3,
        Int32 = 4,
        Int64 = 5,
        Double = 6,
        Time = 7,
        Guid = 8,
        Bytes = 9,
    }

    /// <summary>The exact number of bytes that <see cref="Write"/> writes.</summary>
    /// <exception cref="ArgumentException">A name is too long, or a text is not well-formed.</exception>
    public static long Size(RowProperties properties)
    {
        long size = 1;
        foreach ((var name, var value) in properties)
        {
            var nameBytes = Utf8.Size(name);
            if (nameBytes > MaxNameBytes)
            {
                throw new ArgumentException($"The property name '{name}' is longer than {MaxNameBytes} bytes.", nameof(properties));
            }

            size +=
                2
                + nameBytes
                + value switch
                {
                    string text => 4L + Utf8.Size(text),
                    byte[] bytes => 4L + bytes.Length,
                    bool => 0,
                    int => 4,
                    Guid => 16,
                    _ => 8,
                };
        }

        return size;
    }

    /// <summary>Writes the properties and answers their size.</summary>
    public static int Write(RowProperties properties, Span<byte> target)
    {
        var at = 0;
        target[at++] = Version;
        foreach ((var name, var value) in properties)
        {
            var nameBytes = Utf8.Write(name, target[(at + 1)..]);
            target[at] = (byte)nameBytes;
            at += 1 + nameBytes;
            at += WriteValue(value, target[at..]);
        }

        return at;
    }

    /// <summary>Reads what <see cref="Write"/> has written.</summary>
    /// <exception cref="InvalidDataException">The bytes are not of this format.</exception>
    public static RowProperties Read(ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty || source[0] != Version)
        {
            throw new InvalidDataException("A stored row has an unknown format.");
        }

        RowProperties properties = new();
        try
        {
            source = source[1..];
            while (!source.IsEmpty)
            {
                int nameBytes = source[0];
                var name = PropertyNames.Get(source.Slice(1, nameBytes));
                source = source[(1 + nameBytes)..];
                properties.AddStored(name, ReadValue(ref source));
            }
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException)
        {
            throw new InvalidDataException("A stored row is damaged.", e);
        }

        return properties;
    }

    private static int WriteValue(object value, Span<byte> target)
    {
        var body = target[1..];
        (var tag, var size) = value switch
        {
            string text => (Tag.Text, WriteText(text, body)),
            bool flag => (flag ? Tag.True : Tag.False, 0),
            int number => (Tag.Int32, WriteInt32(number, body)),
            long number => (Tag.Int64, WriteInt64(number, body)),
            double number => (Tag.Double, WriteInt64(BitConverter.DoubleToInt64Bits(number), body)),
            DateTimeOffset time => (Tag.Time, WriteInt64(time.UtcTicks, body)),
            Guid id => (Tag.Guid, WriteGuid(id, body)),
            byte[] bytes => (Tag.Bytes, WriteBytes(bytes, body)),
            _ => throw new ArgumentException($"A row cannot store {value.GetType().Name}.", nameof(value)),
        };
        target[0] = (byte)tag;
        return 1 + size;
    }

    private static int WriteText(string text, Span<byte> target)
    {
        var size = Utf8.Write(text, target[4..]);
        return WriteInt32(size, target) + size;
    }

    private static int WriteBytes(byte[] bytes, Span<byte> target)
    {
        bytes.CopyTo(target[4..]);
        return WriteInt32(bytes.Length, target) + bytes.Length;
    }

    private static int WriteInt32(int value, Span<byte> target)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, value);
        return 4;
    }

    private static int WriteInt64(long value, Span<byte> target)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target, value);
        return 8;
    }

    private static int WriteGuid(Guid id, Span<byte> target)
    {
        _ = id.TryWriteBytes(target, bigEndian: true, out var size);
        return size;
    }

    private static object ReadValue(ref ReadOnlySpan<byte> source)
    {
        var tag = (Tag)source[0];
        source = source[1..];
        return tag switch
        {
            Tag.Text => Utf8.Text(Take(ref source, TakeInt32(ref source))),
            Tag.False => false,
            Tag.True => true,
            Tag.Int32 => TakeInt32(ref source),
            Tag.Int64 => TakeInt64(ref source),
            Tag.Double => BitConverter.Int64BitsToDouble(TakeInt64(ref source)),
            Tag.Time => new DateTimeOffset(TakeInt64(ref source), TimeSpan.Zero),
            Tag.Guid => new Guid(Take(ref source, 16), bigEndian: true),
            Tag.Bytes => Take(ref source, TakeInt32(ref source)).ToArray(),
            _ => throw new InvalidDataException($"A stored row has a value of unknown type {(byte)tag}."),
        };
    }

    private static int TakeInt32(ref ReadOnlySpan<byte> source) => BinaryPrimitives.ReadInt32LittleEndian(Take(ref source, 4));

    private static long TakeInt64(ref ReadOnlySpan<byte> source) => BinaryPrimitives.ReadInt64LittleEndian(Take(ref source, 8));

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> source, int size)
    {
        var taken = source[..size];
        source = source[size..];
        return taken;
    }
}
