using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Serverless.LocalRuntime.Deaths;

/// <summary>What the file says of an orchestration or an activity.</summary>
/// <param name="Key">Which one.</param>
/// <param name="Deaths">How many processes have died while its code ran.</param>
/// <param name="IsRunning">Whether it runs.</param>
internal sealed record MarkedWork(string Key, int Deaths, bool IsRunning)
{
    /// <summary>Bytes of a place.</summary>
    public const int Size = 256;

    /// <summary>Bytes before the key: deaths, whether it runs, the key's length and a checksum.</summary>
    public const int HeadSize = 8;

    /// <summary>Whether there is room for a key.</summary>
    public static bool Fits(string key) => Encoding.UTF8.GetByteCount(key) is > 0 and <= Size - HeadSize;

    /// <summary>What a place holds; null for nothing, or for what is none.</summary>
    public static MarkedWork? Read(ReadOnlySpan<byte> place)
    {
        int length = BinaryPrimitives.ReadUInt16LittleEndian(place[2..]);
        return length is > 0 and <= Size - HeadSize && BinaryPrimitives.ReadUInt32LittleEndian(place[4..]) == Checksum(place, length)
            ? new MarkedWork(Encoding.UTF8.GetString(place.Slice(HeadSize, length)), place[0], place[1] != 0)
            : null;
    }

    public void Write(Span<byte> place)
    {
        var length = Encoding.UTF8.GetBytes(Key, place[HeadSize..]);
        place[0] = (byte)Math.Min(Deaths, byte.MaxValue);
        place[1] = IsRunning ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16LittleEndian(place[2..], (ushort)length);
        BinaryPrimitives.WriteUInt32LittleEndian(place[4..], Checksum(place, length));
    }

    private static uint Checksum(ReadOnlySpan<byte> place, int length)
    {
        var sum = BitOperations.Crc32C(uint.MaxValue, place[0]);
        sum = BitOperations.Crc32C(sum, place[1]);
        foreach (var value in place.Slice(HeadSize, length))
        {
            sum = BitOperations.Crc32C(sum, value);
        }

        return sum;
    }
}
