using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Flows;

/// <summary>Reads a time with the offset it has; without one it is UTC, in whatever zone the host is.</summary>
internal sealed class TimestampConverter : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);

    /// <inheritdoc/>
    public override DateTimeOffset ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.GetString());

    internal static DateTimeOffset Parse(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value)
            ? value
            : throw new JsonException();

    internal static DateTimeOffset Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException();
        }

        return reader.TryGetDateTime(out var plain) && plain.Kind != DateTimeKind.Local ? new DateTimeOffset(plain.Ticks, TimeSpan.Zero)
            : reader.TryGetDateTimeOffset(out var value) ? value
            : Parse(reader.GetString());
    }
}
