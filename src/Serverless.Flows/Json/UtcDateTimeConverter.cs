using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Flows;

/// <summary>Reads a time into UTC, in whatever zone the host is; one without an offset is UTC already.</summary>
internal sealed class UtcDateTimeConverter : JsonConverter<DateTime>
{
    /// <inheritdoc/>
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TimestampConverter.Read(ref reader).UtcDateTime;

    /// <inheritdoc/>
    public override DateTime ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TimestampConverter.Parse(reader.GetString()).UtcDateTime;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
