using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Serverless.Api.Http;
using Serverless.Core.Json;

namespace Serverless.Api.OpenApi;

/// <summary>The types that bodies and answers consist of, by their generated serialisers.</summary>
internal static class WireTypes
{
    private static readonly JsonSerializerOptions[] Known = [WireJson.Options, ApiContext.Default.Options, AdminContext.Wire.Options];

    /// <summary>Finds every type of an object below some bodies or answers.</summary>
    /// <param name="types">Their types.</param>
    public static Dictionary<Type, JsonTypeInfo> Below(IEnumerable<Type> types)
    {
        Dictionary<Type, JsonTypeInfo> found = [];
        foreach (var type in types)
        {
            Add(type, found);
        }

        return found;
    }

    private static void Add(Type type, Dictionary<Type, JsonTypeInfo> found)
    {
        if (Find(Nullable.GetUnderlyingType(type) ?? type) is not { } info)
        {
            return;
        }

        if (info.ElementType is { } element)
        {
            Add(element, found);
        }

        if (info.Kind == JsonTypeInfoKind.Object && found.TryAdd(info.Type, info))
        {
            foreach (var member in info.Properties)
            {
                Add(member.PropertyType, found);
            }
        }
    }

    private static JsonTypeInfo? Find(Type type) =>
        Known.Select(options => options.TryGetTypeInfo(type, out var info) ? info : null).FirstOrDefault(info => info is not null);
}
