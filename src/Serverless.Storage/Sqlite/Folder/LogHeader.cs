using System.Buffers.Binary;

namespace Serverless.Storage.Sqlite;

/// <summary>
/// The header of a write-ahead log (https://www.sqlite.org/fileformat2.html#walformat): eight numbers of four bytes, big-endian, of which
/// the last two are a check sum. It is synced before anything is written behind it, so a log with frames always has a whole one.
/// </summary>
internal static class LogHeader
{
    private const int Size = 32;

    /// <summary>Whether the log has a whole header, or nothing behind where it would be.</summary>
    public static bool IsValid(string log)
    {
        FileInfo file = new(log);
        if (!file.Exists || file.Length <= Size)
        {
            return true;
        }

        Span<byte> header = stackalloc byte[Size];
        using (FileStream stream = new(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        {
            stream.ReadExactly(header);
        }

        var magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        if ((magic & ~1u) != 0x377F0682)
        {
            return false;
        }

        (uint first, uint second) = (0, 0);
        for (var at = 0; at < 24; at += 8)
        {
            first += Number(header[at..], magic) + second;
            second += Number(header[(at + 4)..], magic) + first;
        }

        return first == BinaryPrimitives.ReadUInt32BigEndian(header[24..]) && second == BinaryPrimitives.ReadUInt32BigEndian(header[28..]);
    }

    // The magic number says in which order of bytes the sums were made.
    private static uint Number(ReadOnlySpan<byte> bytes, uint magic) =>
        (magic & 1) == 1 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
