using System.Buffers;
using System.Globalization;
using System.Text;

namespace Serverless.Storage.Keys;

/// <summary>
/// Keys as Azure Tables takes them: reversible, printable ASCII without the characters that the service forbids or that URLs
/// and filters treat specially, and ordered ordinally as the original keys are ordered by their UTF-8 bytes. A character
/// that cannot stay is replaced by a code whose first character stands where the original one stood; no code begins another.
/// Everything from '~' on is left to rows of the system, so every user's key is below it.
/// </summary>
internal static class OrderedKey
{
    /// <summary>Most characters of an encoded key: 1 KiB in UTF-16, the limit of Azure Tables.</summary>
    public const int MaxLength = 512;

    /// <summary>The empty key, below every other one. (The service takes an empty string, but not every tool does.)</summary>
    private const string Empty = "!";

    private const char LastBelowLetters = '!';
    private const char FirstNumbered = '}';
    private const int NumberLength = 5;
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>Each is followed by a forbidden character and stands for both: itself as '0', its successor as '1'.</summary>
    private const string Pairs = "\"$&.>[";

    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "()*+,-0123456789:;<=@ABCDEFGHIJKLMNOPQRSTUVWXYZ]^_`abcdefghijklmnopqrstuvwxyz{|"
    );

    /// <summary>The length of the encoded key.</summary>
    /// <exception cref="ArgumentException">The key holds half a surrogate pair.</exception>
    public static int EncodedLength(string key)
    {
        if (!key.AsSpan().ContainsAnyExcept(Plain))
        {
            return Math.Max(key.Length, Empty.Length);
        }

        var length = 0;
        for (var i = 0; i < key.Length; i++)
        {
            var c = key[i];
            length +=
                c <= LastBelowLetters ? 3
                : c >= FirstNumbered ? NumberLength
                : Plain.Contains(c) ? 1
                : 2;
            i += char.IsSurrogate(c) ? RuneAt(key, i).Utf16SequenceLength - 1 : 0;
        }

        return length;
    }

    /// <summary>The key as the service takes it, of whatever length.</summary>
    /// <exception cref="ArgumentException">The key holds half a surrogate pair.</exception>
    public static string Encode(string key)
    {
        if (!key.AsSpan().ContainsAnyExcept(Plain))
        {
            return key.Length == 0 ? Empty : key;
        }

        return string.Create(
            EncodedLength(key),
            key,
            static (target, key) =>
            {
                var at = 0;
                for (var i = 0; i < key.Length; i++)
                {
                    var c = key[i];
                    if (c <= LastBelowLetters)
                    {
                        target[at++] = LastBelowLetters;
                        _ = ((int)c).TryFormat(target[at..], out var written, "x2", CultureInfo.InvariantCulture);
                        at += written;
                    }
                    else if (c >= FirstNumbered)
                    {
                        var rune = RuneAt(key, i);
                        i += rune.Utf16SequenceLength - 1;
                        WriteNumber(rune.Value, target.Slice(at, NumberLength));
                        at += NumberLength;
                    }
                    else if (Plain.Contains(c))
                    {
                        target[at++] = c;
                    }
                    else
                    {
                        var first = Pairs.Contains(c, StringComparison.Ordinal);
                        target[at++] = first ? c : (char)(c - 1);
                        target[at++] = first ? '0' : '1';
                    }
                }
            }
        );
    }

    /// <summary>The key that was encoded.</summary>
    /// <exception cref="FormatException">The text is not an encoded key.</exception>
    public static string Decode(string encoded)
    {
        if (!encoded.AsSpan().ContainsAnyExcept(Plain))
        {
            return encoded.Length > 0 ? encoded : throw Damaged(encoded);
        }

        if (encoded == Empty)
        {
            return string.Empty;
        }

        StringBuilder key = new(encoded.Length);
        for (var i = 0; i < encoded.Length; )
        {
            var c = encoded[i++];
            if (Plain.Contains(c))
            {
                key.Append(c);
                continue;
            }

            var length =
                c == LastBelowLetters ? 2
                : c == FirstNumbered ? NumberLength - 1
                : 1;
            if (i + length > encoded.Length)
            {
                throw Damaged(encoded);
            }

            var code = encoded.AsSpan(i, length);
            i += length;
            key.Append(
                c switch
                {
                    LastBelowLetters when int.TryParse(code, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low) => (
                        (char)low
                    ).ToString(),
                    FirstNumbered => ReadNumber(code, encoded).ToString(),
                    _ when code is "0" or "1" && Pairs.Contains(c, StringComparison.Ordinal) => ((char)(c + code[0] - '0')).ToString(),
                    _ => throw Damaged(encoded),
                }
            );
        }

        return key.ToString();
    }

    private static Rune RuneAt(string key, int index) =>
        Rune.TryGetRuneAt(key, index, out var rune) ? rune : throw new ArgumentException("A key has an unpaired surrogate.", nameof(key));

    private static void WriteNumber(int value, Span<char> target)
    {
        target[0] = FirstNumbered;
        for (var i = target.Length - 1; i > 0; i--)
        {
            (value, var digit) = Math.DivRem(value, Digits.Length);
            target[i] = Digits[digit];
        }
    }

    private static Rune ReadNumber(ReadOnlySpan<char> code, string encoded)
    {
        var value = 0;
        foreach (var c in code)
        {
            var digit = Digits.IndexOf(c, StringComparison.Ordinal);
            value = digit >= 0 ? (value * Digits.Length) + digit : throw Damaged(encoded);
        }

        return Rune.TryCreate(value, out var rune) ? rune : throw Damaged(encoded);
    }

    private static FormatException Damaged(string encoded) => new($"'{encoded}' is not a key of this store.");
}
