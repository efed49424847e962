using System.Buffers;
using System.Globalization;
using System.Text;

namespace Serverless.Storage.Keys;

/// <summary>
/// Property names as Azure Tables takes them. Names of letters, digits and underscores stay as they are; those that the
/// service, its clients or this store use themselves, and those with other characters, are written as <c>_p</c> and the
/// name with <c>_</c> and four hexadecimal digits for whatever is neither letter nor digit.
/// </summary>
internal static class PropertyName
{
    /// <summary>Most characters of an encoded name: the service's 255, less what a store writes before it.</summary>
    public const int MaxLength = 250;

    private const string Prefix = "_p";

    private static readonly SearchValues<char> Letters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    );

    private static readonly SearchValues<char> Identifier = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
    );

    /// <summary>The length of the encoded name.</summary>
    public static int EncodedLength(string name) =>
        IsPlain(name) ? name.Length : Prefix.Length + name.Length + (4 * name.Count(c => !Letters.Contains(c)));

    /// <summary>The name as the service takes it.</summary>
    public static string Encode(string name)
    {
        if (IsPlain(name))
        {
            return name;
        }

        StringBuilder encoded = new(Prefix);
        foreach (var c in name)
        {
            _ = Letters.Contains(c) ? encoded.Append(c) : encoded.Append(CultureInfo.InvariantCulture, $"_{(int)c:x4}");
        }

        return encoded.ToString();
    }

    /// <summary>The name that was encoded.</summary>
    /// <exception cref="FormatException">The text is not an encoded name.</exception>
    public static string Decode(string encoded)
    {
        if (!encoded.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return encoded;
        }

        StringBuilder name = new(encoded.Length);
        for (var i = Prefix.Length; i < encoded.Length; i++)
        {
            if (encoded[i] != '_')
            {
                name.Append(encoded[i]);
                continue;
            }

            if (
                i + 4 >= encoded.Length
                || !ushort.TryParse(encoded.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var c)
            )
            {
                throw new FormatException($"'{encoded}' is not a property name of this store.");
            }

            name.Append((char)c);
            i += 4;
        }

        return name.ToString();
    }

    private static bool IsPlain(string name) =>
        char.IsAsciiLetter(name[0]) && !name.AsSpan().ContainsAnyExcept(Identifier) && !IsReserved(name);

    private static bool IsReserved(string name) =>
        name[0] switch
        {
            'P' or 'p' => name.Equals("PartitionKey", StringComparison.OrdinalIgnoreCase) || name is "propertyIsEnumerable",
            'R' or 'r' => name.Equals("RowKey", StringComparison.OrdinalIgnoreCase),
            'T' or 't' => name.Equals("Timestamp", StringComparison.OrdinalIgnoreCase) || name is "toString" or "toLocaleString",
            'E' or 'e' => name.Equals("ETag", StringComparison.OrdinalIgnoreCase),
            'O' or 'o' => name.StartsWith("odata", StringComparison.OrdinalIgnoreCase),
            'X' or 'x' => name.StartsWith("xml", StringComparison.OrdinalIgnoreCase),

            // Every JavaScript object has these, and the emulator of the service mistakes them for its own.
            'c' => name is "constructor",
            'h' => name is "hasOwnProperty",
            'i' => name is "isPrototypeOf",
            'v' => name is "valueOf",
            _ => false,
        };
}
