namespace Serverless.Core.Models;

/// <summary>The metadata of artifacts as Prefect keeps it: a value of more than 500 characters is cut, and ends in dots.</summary>
public static class ArtifactMetadata
{
    private const int Longest = 500;
    private const string End = "...";

    /// <summary>The metadata with values that are not too long.</summary>
    public static IReadOnlyDictionary<string, string>? Cut(IReadOnlyDictionary<string, string>? metadata) =>
        metadata is null || metadata.Values.All(value => value.Length <= Longest)
            ? metadata
            : metadata.ToDictionary(entry => entry.Key, entry => Cut(entry.Value), StringComparer.Ordinal);

    private static string Cut(string value)
    {
        var length = 0;
        var characters = 0;
        foreach (var rune in value.EnumerateRunes())
        {
            if (++characters > Longest)
            {
                return string.Concat(value.AsSpan(0, length), End);
            }

            length += rune.Utf16SequenceLength;
        }

        return value;
    }
}
