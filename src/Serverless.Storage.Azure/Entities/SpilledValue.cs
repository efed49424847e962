using System.Globalization;

namespace Serverless.Storage.Azure.Entities;

/// <summary>A value that lies in a blob.</summary>
/// <param name="Id">The blob's id: the time of the write in ticks and a unique part, so that ids ascend with time.</param>
/// <param name="Size">The value's size in bytes.</param>
internal readonly record struct SpilledValue(string Id, int Size)
{
    private const int MaxKeys = 900;
    private const char Separator = '|';

    /// <summary>The name of the blob of a row's value. The row's address in it tells a sweep who has to refer to the blob.</summary>
    public static string BlobName(string id, EntityKey row) =>
        row.PartitionKey.Length + row.RowKey.Length > MaxKeys ? id : $"{id}/{row.Table}/{row.PartitionKey}/{row.RowKey}";

    /// <summary>The id and the row of a blob, or no row when its keys were too long for a name (1,024 characters).</summary>
    public static (string Id, EntityKey? Row) ParseBlobName(string name) =>
        name.Split('/') is [var id, var table, var partition, var row] ? (id, new EntityKey(table, partition, row)) : (name, null);

    public static string NewId(DateTimeOffset now, string unique) =>
        string.Create(CultureInfo.InvariantCulture, $"{now.UtcTicks:d19}-{unique}");

    /// <summary>The lowest id of a time.</summary>
    public static string LowestId(DateTimeOffset time) => time.UtcTicks.ToString("d19", CultureInfo.InvariantCulture);

    public static SpilledValue Parse(string text)
    {
        var at = text.IndexOf(Separator, StringComparison.Ordinal);
        return at > 0 && int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? new(text[..at], size)
            : throw new InvalidDataException($"A stored row has an invalid blob reference: '{text}'.");
    }

    public override string ToString() => $"{Id}{Separator}{Size}";
}
