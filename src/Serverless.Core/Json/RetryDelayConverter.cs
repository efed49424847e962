using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Core.Models;

namespace Serverless.Core.Json;

/// <summary>A retry delay on the wire: a number or an array of numbers.</summary>
internal sealed class RetryDelayConverter : JsonConverter<RetryDelay>
{
    public override RetryDelay Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return RetryDelay.Constant(reader.GetDouble());
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("A retry delay must be a number or an array of numbers.");
        }

        var seconds = new List<double>();
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            seconds.Add(reader.GetDouble());
        }

        if (reader.TokenType != JsonTokenType.EndArray)
        {
            throw new JsonException("A retry delay must be a number or an array of numbers.");
        }

        try
        {
            return RetryDelay.List(seconds);
        }
        catch (ArgumentException tooMany)
        {
            throw new JsonException(tooMany.Message, tooMany);
        }
    }

    public override void Write(Utf8JsonWriter writer, RetryDelay value, JsonSerializerOptions options)
    {
        if (!value.IsList)
        {
            writer.WriteNumberValue(value.Seconds[0]);
            return;
        }

        writer.WriteStartArray();
        foreach (var seconds in value.Seconds)
        {
            writer.WriteNumberValue(seconds);
        }

        writer.WriteEndArray();
    }
}
