using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Serverless.Core.Ids;

/// <summary>
/// Ids that follow from what they name, so that a repeated step writes the same rows (UUID version 8 of RFC 9562).
/// </summary>
public static class StableIds
{
    /// <summary>Dynamic keys are below this: 2^26.</summary>
    public const int DynamicKeyLimit = 1 << DynamicKeyBits;

    private const int DynamicKeyBits = 26;

    /// <summary>
    /// The id of a task run. The task runs of one flow run share the run's first 48 bits and those of one task the bits
    /// up to the dynamic key, so that the runs of a map lie side by side in the order of their keys.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dynamicKey"/> is negative or reaches
    /// <see cref="DynamicKeyLimit"/>.</exception>
    public static Guid TaskRun(Guid flowRunId, string taskKey, int dynamicKey)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dynamicKey);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(dynamicKey, DynamicKeyLimit);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(flowRunId, taskKey, hash);

        Span<byte> bytes = stackalloc byte[16];
        _ = flowRunId.TryWriteBytes(bytes, bigEndian: true, out _);
        hash[..2].CopyTo(bytes[6..]);
        var low = BinaryPrimitives.ReadUInt64BigEndian(hash[2..]) << DynamicKeyBits;
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low | (uint)dynamicKey);
        return Version8(bytes);
    }

    /// <summary>
    /// Whether <see cref="TaskRun"/> can have made an id for a flow run: of version 8, with the run's first 48 bits. Some other ids look
    /// the same.
    /// </summary>
    public static bool CanBeTaskRunOf(Guid taskRunId, Guid flowRunId)
    {
        Span<byte> ours = stackalloc byte[16];
        Span<byte> runs = stackalloc byte[16];
        _ = taskRunId.TryWriteBytes(ours, bigEndian: true, out _);
        _ = flowRunId.TryWriteBytes(runs, bigEndian: true, out _);
        return taskRunId.Version == 8 && ours[..6].SequenceEqual(runs[..6]);
    }

    /// <summary>The id of what <paramref name="name"/> names within <paramref name="scope"/>.</summary>
    public static Guid From(Guid scope, string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(scope, name, hash);
        return Version8(hash[..16]);
    }

    /// <summary>
    /// The id of what <paramref name="name"/> names within <paramref name="scope"/> at a time. Ids of one time lie side by side, in the
    /// order of their scopes if these are of version 7, and where a <see cref="RandomIdGenerator"/> draws its ids at that time: in a store
    /// that is ordered by ids, what is new is added in one place.
    /// </summary>
    /// <param name="time">The time, which goes into the id to a minute (65,536 ms); one before 1970 counts as 1970.</param>
    /// <param name="scope">
    /// Whose id it is. Those of one minute differ in the bits in which an id of version 7 has what is below a minute of its time.
    /// </param>
    /// <param name="name">The rest.</param>
    public static Guid At(DateTimeOffset time, Guid scope, string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(scope, name, hash);

        Span<byte> bytes = stackalloc byte[16];
        _ = scope.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)(Math.Max(0, time.ToUnixTimeMilliseconds()) >> 16));
        hash[..8].CopyTo(bytes[8..]);
        return Version8(bytes);
    }

    private static void Hash(Guid scope, string name, Span<byte> hash)
    {
        const int OnStack = 256;
        var length = 16 + Encoding.UTF8.GetByteCount(name);
        var text = length <= OnStack ? stackalloc byte[OnStack] : new byte[length];
        _ = scope.TryWriteBytes(text, bigEndian: true, out _);
        _ = Encoding.UTF8.GetBytes(name, text[16..]);
        _ = SHA256.HashData(text[..length], hash);
    }

    private static Guid Version8(Span<byte> bytes)
    {
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
