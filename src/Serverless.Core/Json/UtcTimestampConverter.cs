using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Core.Json;

/// <summary>
/// Timestamps: written in UTC with microseconds, if there are any, and <c>Z</c>; read with any offset or none (which means UTC), a space
/// for the <c>T</c>, a date alone, or seconds since 1970, as Prefect's server reads them.
/// </summary>
internal sealed class UtcTimestampConverter : JsonConverter<DateTimeOffset>
{
    private const int Length = 27;

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return FromUnixSeconds(reader.GetDouble());
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException("A timestamp must be a string in RFC 3339 format.");
        }

        if (reader.TryGetDateTime(out var plain) && plain.Kind != DateTimeKind.Local)
        {
            return Microseconds(new DateTimeOffset(plain.Ticks, TimeSpan.Zero));
        }

        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return
            reader.TryGetDateTimeOffset(out var value)
            || DateTimeOffset.TryParse(reader.GetString(), CultureInfo.InvariantCulture, Utc, out value)
            ? Microseconds(value.ToUniversalTime())
            : throw new JsonException("A timestamp must be a string in RFC 3339 format.");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        // By hand: each run has a handful of them, and formatting by pattern took a thirtieth of a task run's processor time.
        Span<byte> text = stackalloc byte[Length];
        var utc = value.UtcDateTime;
        (var year, var month, var day) = DateOnly.FromDateTime(utc);
        Digits(text, 0, 4, year);
        text[4] = (byte)'-';
        Digits(text, 5, 2, month);
        text[7] = (byte)'-';
        Digits(text, 8, 2, day);
        text[10] = (byte)'T';
        Digits(text, 11, 2, utc.Hour);
        text[13] = (byte)':';
        Digits(text, 14, 2, utc.Minute);
        text[16] = (byte)':';
        Digits(text, 17, 2, utc.Second);
        var microseconds = (int)(utc.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond);
        var end = 19;
        if (microseconds > 0)
        {
            text[end] = (byte)'.';
            Digits(text, end + 1, 6, microseconds);
            end += 7;
        }

        text[end] = (byte)'Z';
        writer.WriteStringValue(text[..(end + 1)]);
    }

    private static void Digits(Span<byte> text, int start, int count, int value)
    {
        for (var at = start + count - 1; at >= start; at--)
        {
            text[at] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }

    private static DateTimeOffset FromUnixSeconds(double seconds)
    {
        try
        {
            return Microseconds(DateTimeOffset.UnixEpoch.AddSeconds(seconds));
        }
        catch (ArgumentOutOfRangeException outside)
        {
            throw new JsonException("A timestamp must be between the years 1 and 9999.", outside);
        }
    }

    private static DateTimeOffset Microseconds(DateTimeOffset value) =>
        new(value.Ticks - (value.Ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
