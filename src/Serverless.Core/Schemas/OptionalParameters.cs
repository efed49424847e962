using System.Text.Json;

namespace Serverless.Core.Schemas;

/// <summary>
/// A schema by which no member has to be there. The parameters of a deployment are checked by it: what they leave out, its runs may give.
/// </summary>
public static class OptionalParameters
{
    private const string Required = "required";

    /// <summary>The same schema without the lists of required members.</summary>
    /// <param name="schema">The schema.</param>
    public static JsonElement Of(JsonElement schema)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(schema, writer);
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static void Write(JsonElement value, Utf8JsonWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    // A parameter of that name has a schema, which is no list.
                    if (member.Name != Required || member.Value.ValueKind != JsonValueKind.Array)
                    {
                        writer.WritePropertyName(member.Name);
                        Write(member.Value, writer);
                    }
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(item, writer);
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
