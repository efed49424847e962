using System.Text.Json.Serialization.Metadata;
using Serverless.Api.Http;
using Serverless.Core.Json;

namespace Serverless.Api.OpenApi;

/// <summary>The types that bodies consist of.</summary>
internal static class BodyTypes
{
    /// <summary>Finds every type of an object below some bodies.</summary>
    /// <param name="bodies">The types of bodies.</param>
    public static Dictionary<Type, JsonTypeInfo> Below(IEnumerable<Type> bodies)
    {
        Dictionary<Type, JsonTypeInfo> found = [];
        foreach (var body in bodies)
        {
            var options = WireJson.Options.TryGetTypeInfo(body, out _) ? WireJson.Options : ApiContext.Default.Options;
            Add(options.GetTypeInfo(body), found);
        }

        return found;
    }

    private static void Add(JsonTypeInfo type, Dictionary<Type, JsonTypeInfo> found)
    {
        if (type.ElementType is { } element)
        {
            Add(type.Options.GetTypeInfo(element), found);
        }

        if (type.Kind == JsonTypeInfoKind.Object && found.TryAdd(type.Type, type))
        {
            foreach (var member in type.Properties)
            {
                if (type.Options.TryGetTypeInfo(Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType, out var inner))
                {
                    Add(inner, found);
                }
            }
        }
    }
}
