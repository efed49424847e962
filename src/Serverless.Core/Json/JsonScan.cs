using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Serverless.Core.Json;

/// <summary>
/// Checks JSON before anything else looks at it: all texts are Unicode, all numbers are finite, and it is not nested too deeply. So it can
/// be read and written again, also as a part of something larger.
/// </summary>
public static class JsonScan
{
    /// <summary>The most levels of nesting. What stores or shows a part of such JSON accepts some levels more.</summary>
    public const int MaxDepth = 50;

    /// <summary>No number with fewer characters and no exponent is infinite.</summary>
    private const int ShortNumber = 300;

    /// <summary>Finds the first flaw; null if there is none.</summary>
    /// <param name="json">The JSON, as UTF-8.</param>
    /// <param name="tokens">How many names and values there are. The memory that reading takes grows with them.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static JsonFlaw? Check(ReadOnlySpan<byte> json, out int tokens)
    {
        tokens = 0;
        var badText = IndexOfBadText(json);
        Span<Frame> frames = stackalloc Frame[MaxDepth + 2];
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = MaxDepth + 1 });
        while (reader.Read())
        {
            tokens++;
            var depth = reader.CurrentDepth;
            ref var frame = ref frames[depth];
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                frame.NameStart = (int)reader.TokenStartIndex + 1;
                frame.NameLength = reader.ValueSpan.Length;
            }
            else if (frame.IsArray && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
            {
                frame.Index++;
            }

            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    if (depth == MaxDepth)
                    {
                        return new JsonFlaw(
                            "value_error",
                            PathOf(json, frames[..(depth + 1)]),
                            $"Value error, nested deeper than {MaxDepth} levels"
                        );
                    }

                    frames[depth + 1] = new Frame { IsArray = reader.TokenType == JsonTokenType.StartArray, Index = -1 };
                    break;
                case JsonTokenType.PropertyName
                or JsonTokenType.String when Covers(ref reader, badText) || (reader.ValueIsEscaped && !AreEscapesText(reader.ValueSpan)):
                    return new JsonFlaw(
                        "string_unicode",
                        PathOf(json, frames[..(depth + 1)]),
                        "Input should be a valid string, unable to parse raw data as a unicode string"
                    );
                case JsonTokenType.Number when !IsFinite(ref reader):
                    return new JsonFlaw("finite_number", PathOf(json, frames[..(depth + 1)]), "Input should be a finite number");
            }
        }

        return null;
    }

    /// <summary>The index of the first byte that is not UTF-8; -1 if all are.</summary>
    /// <param name="bytes">The bytes.</param>
    public static int IndexOfBadText(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            return -1;
        }

        var at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }

    private static bool Covers(ref Utf8JsonReader reader, int position) =>
        position >= reader.TokenStartIndex && position < reader.BytesConsumed;

    private static bool IsFinite(ref Utf8JsonReader reader) =>
        (reader.ValueSpan.Length < ShortNumber && !reader.ValueSpan.ContainsAny((byte)'e', (byte)'E'))
        || (reader.TryGetDouble(out var number) && double.IsFinite(number));

    /// <summary>Whether the escapes of a string are characters: none is half of a pair.</summary>
    private static bool AreEscapesText(ReadOnlySpan<byte> text)
    {
        var isFirstOfPair = false;
        for (var at = 0; at < text.Length; at++)
        {
            int unit = text[at];
            if (unit == '\\' && text[++at] == 'u')
            {
                unit = int.Parse(text.Slice(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                at += 4;
                if (isFirstOfPair != char.IsLowSurrogate((char)unit))
                {
                    return false;
                }

                isFirstOfPair = char.IsHighSurrogate((char)unit);
            }
            else if (isFirstOfPair)
            {
                return false;
            }
        }

        return !isFirstOfPair;
    }

    private static object[] PathOf(ReadOnlySpan<byte> json, ReadOnlySpan<Frame> frames)
    {
        List<object> path = [];
        foreach (var frame in frames[1..])
        {
            if (frame.IsArray)
            {
                path.Add(frame.Index);
            }
            else
            {
                path.Add(Encoding.UTF8.GetString(json.Slice(frame.NameStart, frame.NameLength)));
            }
        }

        return [.. path];
    }

    /// <summary>Where the scan is within an object or array.</summary>
    private struct Frame
    {
        public bool IsArray;
        public int Index;
        public int NameStart;
        public int NameLength;
    }
}
