using System.Buffers.Binary;

namespace Serverless.Core.Ids;

/// <summary>
/// Ids of states tell whose state it is, so that a state is found by its id without an index of all states: the time of UUID version 7 (RFC
/// 9562), and in the place of the random bits the first 48 and the last 14 of the run's id.
/// </summary>
public static class StateIds
{
    /// <summary>How many digits of a run's id are in the ids of its states.</summary>
    public const int PrefixDigits = 12;

    private const int LastBits = 14;

    private const ulong Variant = 0x8000_0000_0000_0000;
    private const ulong Tail = 0x3FFF_FFFF_FFFF_FFFF;

    /// <summary>The id of a new state of a run.</summary>
    /// <param name="fresh">A new id: its first half makes the states of one run differ.</param>
    /// <param name="run">The flow run or task run.</param>
    public static Guid Of(Guid fresh, Guid run)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = fresh.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Variant | TailOf(run));
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Whether the state can be one of the run's.</summary>
    public static bool CanBeOf(Guid state, Guid run) => (LastHalf(state) & Tail) == TailOf(run);

    /// <summary>The first 48 bits of the run's id, as the first 12 digits of its text.</summary>
    public static string RunPrefix(Guid state) =>
        ((LastHalf(state) & Tail) >> LastBits).ToString($"x{PrefixDigits}", System.Globalization.CultureInfo.InvariantCulture);

    private static ulong TailOf(Guid run)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = run.TryWriteBytes(bytes, bigEndian: true, out _);
        var first = BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16;
        var last = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) & ((1UL << LastBits) - 1);
        return (first << LastBits) | last;
    }

    private static ulong LastHalf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = id.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
    }
}
