using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Serverless.Api.OpenApi;

/// <summary>
/// What members of a body are when they are left out: it is read from the smallest body that there can be, so it is what a request gets.
/// </summary>
internal static class BodyDefaults
{
    /// <summary>The defaults by name; of members that are numbers, flags and texts.</summary>
    /// <param name="type">The type of an object.</param>
    public static Dictionary<string, JsonNode> Of(JsonTypeInfo type)
    {
        Dictionary<string, JsonNode> defaults = [];
        var smallest = Sample(type).Deserialize(type)!;
        foreach (var member in type.Properties)
        {
            if (
                !member.IsRequired
                && member.Get?.Invoke(smallest) is { } value
                && JsonSerializer.SerializeToNode(value, type.Options.GetTypeInfo(member.PropertyType)) is JsonValue known
            )
            {
                defaults[member.Name] = known;
            }
        }

        return defaults;
    }

    /// <summary>Any value of a type, with as little in it as possible.</summary>
    private static JsonNode Sample(JsonTypeInfo type) =>
        type.Kind switch
        {
            JsonTypeInfoKind.Object => new JsonObject(
                type.Properties.Where(member => member.IsRequired)
                    .Select(member =>
                        KeyValuePair.Create<string, JsonNode?>(member.Name, Sample(type.Options.GetTypeInfo(member.PropertyType)))
                    )
            ),
            JsonTypeInfoKind.Enumerable => new JsonArray(),
            JsonTypeInfoKind.Dictionary => new JsonObject(),
            _ => Value(Nullable.GetUnderlyingType(type.Type) ?? type.Type, type),
        };

    private static JsonNode Value(Type type, JsonTypeInfo info) =>
        type == typeof(string) ? "x"
        : type == typeof(JsonElement) ? new JsonObject()
        : type.IsEnum ? JsonSerializer.SerializeToNode(Enum.ToObject(type, 0), info.Options.GetTypeInfo(type))!
        : JsonSerializer.SerializeToNode(Activator.CreateInstance(type), info.Options.GetTypeInfo(type))!;
}
