using System.Text.Json;

namespace Serverless.Flows.Caching;

/// <summary>JSON in one form: the names of objects in order, no white space. Numbers stay as they are written.</summary>
internal static class CanonicalJson
{
    internal static void Write(Utf8JsonWriter writer, JsonElement value, IReadOnlyCollection<string>? without = null)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    if (without?.Contains(property.Name) != true)
                    {
                        writer.WritePropertyName(property.Name);
                        Write(writer, property.Value);
                    }
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
