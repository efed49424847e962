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
            throw new JsonException("A timestamp is a string in the form of RFC 3339.");
        }

        if (reader.TryGetDateTime(out var plain) && plain.Kind != DateTimeKind.Local)
        {
            return Microseconds(new DateTimeOffset(plain.Ticks, TimeSpan.Zero));
        }

        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return reader.TryGetDateTimeOffset(out var value)
            || DateTimeOffset.TryParse(reader.GetString(), CultureInfo.InvariantCulture, Utc, out value)
                ? Microseconds(value.ToUniversalTime())
                : throw new JsonException("A timestamp is a string in the form of RFC 3339.");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[Length];
        var format = value.Ticks % TimeSpan.TicksPerSecond < TimeSpan.TicksPerMicrosecond ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
        _ = value.UtcDateTime.TryFormat(text, out var written, format, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..written]);
    }

    private static DateTimeOffset FromUnixSeconds(double seconds)
    {
        try
        {
            return Microseconds(DateTimeOffset.UnixEpoch.AddSeconds(seconds));
        }
        catch (ArgumentOutOfRangeException outside)
        {
            throw new JsonException("A timestamp lies between the years 1 and 9999.", outside);
        }
    }

    private static DateTimeOffset Microseconds(DateTimeOffset value) =>
        new(value.Ticks - (value.Ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
