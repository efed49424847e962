using Azure;

namespace Serverless.Storage.Azure.Entities;

/// <summary>
/// The opaque ETag that callers get: the service's, and behind a space the ids of the version's spilled values, so that
/// the writer of the next version knows which blobs to delete.
/// </summary>
internal readonly record struct RowETag(ETag Value, IReadOnlyList<string> Blobs)
{
    private const string Marker = "W/\"datetime'";

    /// <summary>In the service's form, but of no row: a condition on it fails.</summary>
    private static readonly ETag Never = new(Marker + "1601-01-01T00%3A00%3A00.0000000Z'\"");

    /// <summary>The text that stands for a version that was overwritten before anybody read it.</summary>
    public static string Overwritten { get; } = Never.ToString();

    public static string Format(ETag value, IEnumerable<string> blobs)
    {
        var ids = string.Join(',', blobs);
        return ids.Length == 0 ? value.ToString() : $"{value} {ids}";
    }

    /// <summary>What the text says; for a text that no store gave, an ETag that no row has.</summary>
    public static RowETag Parse(string text)
    {
        var end = text.IndexOf(' ', StringComparison.Ordinal);
        var value = end < 0 ? text : text[..end];
        return value.StartsWith(Marker, StringComparison.Ordinal) && value.All(char.IsAscii)
            ? new(new ETag(value), end < 0 ? [] : text[(end + 1)..].Split(','))
            : new(Never, []);
    }
}
