using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Core.Filters;

namespace Serverless.Core.Json;

/// <summary>Criteria on labels on the wire: for each label a pattern, or a list of them.</summary>
internal sealed class LabelFilterConverter : JsonConverter<LabelFilter>
{
    public override LabelFilter Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Wrong();
        }

        Dictionary<string, IReadOnlyList<string>> patterns = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var label = reader.GetString()!;
            reader.Read();
            patterns[label] = ReadPatterns(ref reader);
        }

        return new LabelFilter { Patterns = [.. patterns] };
    }

    public override void Write(Utf8JsonWriter writer, LabelFilter value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach ((var label, var patterns) in value.Patterns)
        {
            writer.WriteStartArray(label);
            foreach (var pattern in patterns)
            {
                writer.WriteStringValue(pattern);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static List<string> ReadPatterns(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return [reader.GetString()!];
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Wrong();
        }

        List<string> patterns = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            patterns.Add(reader.GetString()!);
        }

        return reader.TokenType == JsonTokenType.EndArray ? patterns : throw Wrong();
    }

    private static JsonException Wrong() => new("Labels must each have a pattern or a list of patterns.");
}
