using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Serverless.Storage.Sqlite;

/// <summary>
/// The small file that lets a folder know what it holds: the id of its database, when that was created, and a number that the
/// database holds durably (<see cref="DurableMark"/>). It lies outside database and log, so it tells when one of them went missing.
/// </summary>
/// <remarks>
/// Two lines of text, each with a check sum, in blocks of their own. They are written in turn and in place, so that one of them holds
/// whatever happens, and without a sync: an older number is as true as a newer one, only weaker.
/// </remarks>
internal sealed class FolderMark : IDisposable
{
    private const int Block = 4096;

    private readonly FileStream _file;
    private readonly MarkRecord _first;
    private bool _second;

    private FolderMark(FileStream file, MarkRecord first)
    {
        _file = file;
        _first = first;
    }

    /// <summary>What the folder's file says; null when there is none.</summary>
    /// <exception cref="RowStoreOpenException">It cannot be understood.</exception>
    public static MarkRecord? Read(DataFolder folder)
    {
        if (!File.Exists(folder.MarkFile))
        {
            return null;
        }

        var bytes = File.ReadAllBytes(folder.MarkFile);
        var first = Parse(bytes.AsSpan(0, Math.Min(Block, bytes.Length)));
        var second = bytes.Length <= Block ? null : Parse(bytes.AsSpan(Block));
        return second is null || first?.Mark > second.Mark ? first ?? throw Damaged(folder) : second;
    }

    /// <summary>Opens the folder's file for writing, after creating it if need be, and writes a first record durably.</summary>
    public static FolderMark Open(DataFolder folder, MarkRecord record)
    {
        if (!File.Exists(folder.MarkFile))
        {
            // Never seen half written: it gets its name when it is whole.
            var draft = folder.MarkFile + ".new";
            using (FileStream file = new(draft, DataFolder.Private(FileMode.Create, FileAccess.Write, FileShare.None)))
            {
                file.Write(Format(record));
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, folder.MarkFile);
        }

        FolderMark mark = new(
            new FileStream(folder.MarkFile, DataFolder.Private(FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)),
            record
        );

        // Both lines, so that none of an earlier database is left beside it.
        mark.Write(record.Mark);
        mark.Write(record.Mark);
        mark._file.Flush(flushToDisk: true);
        return mark;
    }

    /// <summary>Writes that the database holds a mark durably.</summary>
    public void Write(long mark)
    {
        RandomAccess.Write(_file.SafeFileHandle, Format(_first with { Mark = mark }), _second ? Block : 0);
        _second = !_second;
    }

    public void Dispose() => _file.Dispose();

    private static RowStoreOpenException Damaged(DataFolder folder) =>
        new(
            $"'{folder.MarkFile}' is damaged, so it is unknown whether the database is complete. Compare it with a backup; to continue "
                + "with it as it is, delete that file."
        );

    private static byte[] Format(MarkRecord record)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"store {record.Store:x16} created {record.Created} mark {record.Mark}");
        return Encoding.ASCII.GetBytes($"{text} sum {Sum(text)}\n");
    }

    private static MarkRecord? Parse(ReadOnlySpan<byte> block)
    {
        var end = block.IndexOf((byte)'\n');
        var words = end < 0 ? [] : Encoding.ASCII.GetString(block[..end]).Split(' ');
        return
            words is ["store", var store, "created", var created, "mark", var mark, "sum", var sum]
            && sum == Sum(string.Join(' ', words[..6]))
            && long.TryParse(store, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var id)
            && long.TryParse(created, NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            && long.TryParse(mark, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(id, time, number)
            : null;
    }

    private static string Sum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)).AsSpan(0, 8));
}
