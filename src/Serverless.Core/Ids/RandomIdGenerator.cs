using System.Buffers.Binary;

namespace Serverless.Core.Ids;

/// <summary>
/// Ids of UUID version 7 (RFC 9562 5.7): 48 bits of milliseconds, 12 bits of their fraction (6.2, method 3), 62 random
/// bits. Ids of one generator increase strictly, even when the clock steps back. Safe for use by many threads.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="random">The random bits; used under a lock.</param>
public sealed class RandomIdGenerator(TimeProvider time, Random random) : IIdGenerator
{
    private readonly Lock _gate = new();
    private long _last;

    /// <inheritdoc/>
    public Guid NewId()
    {
        var ticks = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks;
        var fraction = (ticks % TimeSpan.TicksPerMillisecond << 12) / TimeSpan.TicksPerMillisecond;
        var stamp = ((ticks / TimeSpan.TicksPerMillisecond) << 12) | fraction;

        Span<byte> bytes = stackalloc byte[16];
        lock (_gate)
        {
            _last = stamp = Math.Max(stamp, _last + 1);
            random.NextBytes(bytes[8..]);
        }

        BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)((stamp >> 12 << 16) | 0x7000 | (stamp & 0xFFF)));
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
