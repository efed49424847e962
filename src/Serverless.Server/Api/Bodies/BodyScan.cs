using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Serverless.Server.Api;

/// <summary>
/// What every body holds to before its form is looked at, in every place of it, free-form values included: the text is text, the
/// numbers are finite, and it is nested so far only that it can be read and written again inside what it becomes part of.
/// </summary>
internal static class BodyScan
{
    /// <summary>How deep a body may be nested. Everything that stores or shows parts of one may nest deeper by a margin.</summary>
    public const int MaxDepth = 50;

    /// <summary>No number with fewer characters and no exponent is infinite.</summary>
    private const int ShortNumber = 300;

    /// <summary>Says what is wrong with a body, and where; null for nothing.</summary>
    /// <param name="body">The body.</param>
    /// <param name="tokens">Of how many names and values it consists, by which the memory goes that reading it takes.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static RequestError? Check(ReadOnlySpan<byte> body, out int tokens)
    {
        tokens = 0;
        var badText = IndexOfBadText(body);
        Span<Frame> frames = stackalloc Frame[MaxDepth + 2];
        Utf8JsonReader reader = new(body, new JsonReaderOptions { MaxDepth = MaxDepth + 1 });
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
                        return new RequestError(
                            "value_error",
                            Place(body, frames[..(depth + 1)]),
                            $"Value error, nested deeper than {MaxDepth} levels"
                        );
                    }

                    frames[depth + 1] = new Frame { IsArray = reader.TokenType == JsonTokenType.StartArray, Index = -1 };
                    break;
                case JsonTokenType.PropertyName
                or JsonTokenType.String when Covers(ref reader, badText) || (reader.ValueIsEscaped && !AreEscapesText(reader.ValueSpan)):
                    return new RequestError(
                        "string_unicode",
                        Place(body, frames[..(depth + 1)]),
                        "Input should be a valid string, unable to parse raw data as a unicode string"
                    );
                case JsonTokenType.Number when !IsFinite(ref reader):
                    return new RequestError("finite_number", Place(body, frames[..(depth + 1)]), "Input should be a finite number");
            }
        }

        return null;
    }

    /// <summary>Where the bytes stop being UTF-8; -1 when all are.</summary>
    internal static int IndexOfBadText(ReadOnlySpan<byte> bytes)
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

    private static object[] Place(ReadOnlySpan<byte> body, ReadOnlySpan<Frame> frames)
    {
        List<object> place = ["body"];
        foreach (var frame in frames[1..])
        {
            if (frame.IsArray)
            {
                place.Add(frame.Index);
            }
            else
            {
                place.Add(Echo.Name(Encoding.UTF8.GetString(body.Slice(frame.NameStart, frame.NameLength))));
            }
        }

        return [.. place];
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
