using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Flows;

/// <summary>Reads an integer however JSON may write it: <c>5</c>, <c>5.0</c>, <c>5e0</c>. A schema calls all of them integers.</summary>
/// <typeparam name="T">The integer.</typeparam>
internal sealed class IntegerConverter<T> : JsonConverter<T>
    where T : struct, IBinaryInteger<T>
{
    // Longer than any number that fits; and 1e999999999 written out would fill the memory.
    private const int LongestText = 100;
    private const int LargestExponent = 100;

    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            throw new JsonException();
        }

        var text = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
        return T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : ReadWritten(text);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[LongestText];
        _ = value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        writer.WriteRawValue(text[..length], skipInputValidation: true);
    }

    private static T ReadWritten(ReadOnlySpan<byte> text)
    {
        var mark = text.IndexOfAny((byte)'e', (byte)'E');
        var exponent = mark < 0 ? "0"u8 : text[(mark + 1)..];
        const NumberStyles Any = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return
            text.Length <= LongestText
            && int.TryParse(exponent, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power)
            && power is >= -LargestExponent and <= LargestExponent
            && BigInteger.TryParse(Encoding.ASCII.GetString(text), Any, CultureInfo.InvariantCulture, out var whole)
            && TryFit(whole, out var value)
            ? value
            : throw new JsonException();
    }

    private static bool TryFit(BigInteger whole, out T value)
    {
        value = T.CreateTruncating(whole);
        return BigInteger.CreateChecked(value) == whole;
    }
}
