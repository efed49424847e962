using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Serverless.LocalRuntime.Deaths;

/// <summary>What the file says of an instance.</summary>
/// <param name="InstanceId">The instance.</param>
/// <param name="Deaths">How many processes have died in a turn of it.</param>
/// <param name="IsInTurn">Whether it is in one.</param>
internal sealed record MarkedTurn(string InstanceId, int Deaths, bool IsInTurn)
{
    /// <summary>Bytes of a place.</summary>
    public const int Size = 256;

    /// <summary>Bytes before the id: deaths, whether it is in a turn, the id's length and a checksum.</summary>
    public const int HeadSize = 8;

    /// <summary>Whether there is room for an id.</summary>
    public static bool Fits(string instanceId) => Encoding.UTF8.GetByteCount(instanceId) is > 0 and <= Size - HeadSize;

    /// <summary>What a place holds; null for nothing, or for what is none.</summary>
    public static MarkedTurn? Read(ReadOnlySpan<byte> place)
    {
        int length = BinaryPrimitives.ReadUInt16LittleEndian(place[2..]);
        return length is > 0 and <= Size - HeadSize && BinaryPrimitives.ReadUInt32LittleEndian(place[4..]) == Checksum(place, length)
            ? new MarkedTurn(Encoding.UTF8.GetString(place.Slice(HeadSize, length)), place[0], place[1] != 0)
            : null;
    }

    public void Write(Span<byte> place)
    {
        int length = Encoding.UTF8.GetBytes(InstanceId, place[HeadSize..]);
        place[0] = (byte)Math.Min(Deaths, byte.MaxValue);
        place[1] = IsInTurn ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16LittleEndian(place[2..], (ushort)length);
        BinaryPrimitives.WriteUInt32LittleEndian(place[4..], Checksum(place, length));
    }

    private static uint Checksum(ReadOnlySpan<byte> place, int length)
    {
        uint sum = BitOperations.Crc32C(uint.MaxValue, place[0]);
        sum = BitOperations.Crc32C(sum, place[1]);
        foreach (byte value in place.Slice(HeadSize, length))
        {
            sum = BitOperations.Crc32C(sum, value);
        }

        return sum;
    }
}
