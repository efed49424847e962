using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Serverless.Api.Http.Binding;

/// <summary>
/// Null in the place of a value that has a default means the default, as Prefect's server reads it: its clients send <c>"sort": null</c>
/// for what they were not told. Serializers refuse null for numbers, flags and names of enums, so such members are left out.
/// </summary>
internal static class BodyNulls
{
    /// <summary>Whether null in the member's place is its default: it need not be there, and cannot itself be null.</summary>
    public static bool IsDefault(JsonPropertyInfo property) =>
        !property.IsRequired
        && property.PropertyType.IsValueType
        && Nullable.GetUnderlyingType(property.PropertyType) is null
        && property.PropertyType != typeof(JsonElement);

    /// <summary>Whether any such member of the body, or of the objects in it, is null.</summary>
    public static bool Any(JsonElement value, JsonTypeInfo type) =>
        (type.Kind, value.ValueKind) switch
        {
            (JsonTypeInfoKind.Object, JsonValueKind.Object) => value
                .EnumerateObject()
                .Any(member =>
                    Find(type, member.Name) is { } property
                    && (IsLeftOut(member.Value, property) || Any(member.Value, type.Options.GetTypeInfo(property.PropertyType)))
                ),
            (JsonTypeInfoKind.Enumerable, JsonValueKind.Array) when Element(type) is { } element => value
                .EnumerateArray()
                .Any(item => Any(item, element)),
            _ => false,
        };

    /// <summary>The body without them.</summary>
    public static JsonDocument Without(JsonElement body, JsonTypeInfo type)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            Write(writer, body, type);
        }

        return JsonDocument.Parse(buffer.WrittenMemory);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, JsonTypeInfo type)
    {
        switch (type.Kind, value.ValueKind)
        {
            case (JsonTypeInfoKind.Object, JsonValueKind.Object):
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    if (Find(type, member.Name) is not { } property)
                    {
                        member.WriteTo(writer);
                    }
                    else if (!IsLeftOut(member.Value, property))
                    {
                        writer.WritePropertyName(member.Name);
                        Write(writer, member.Value, type.Options.GetTypeInfo(property.PropertyType));
                    }
                }

                writer.WriteEndObject();
                break;
            case (JsonTypeInfoKind.Enumerable, JsonValueKind.Array) when Element(type) is { } element:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(writer, item, element);
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static bool IsLeftOut(JsonElement value, JsonPropertyInfo property) =>
        value.ValueKind == JsonValueKind.Null && IsDefault(property);

    private static JsonTypeInfo? Element(JsonTypeInfo type) => type.ElementType is { } element ? type.Options.GetTypeInfo(element) : null;

    private static JsonPropertyInfo? Find(JsonTypeInfo type, string name)
    {
        foreach (var property in type.Properties)
        {
            if (property.Name == name)
            {
                return property;
            }
        }

        return null;
    }
}
