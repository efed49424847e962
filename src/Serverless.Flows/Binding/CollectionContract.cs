using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Serverless.Flows.Binding;

/// <summary>
/// Whether a list, set or dictionary can be read back, in its order and with all that it holds. The contract does not say, so it is tried.
/// </summary>
internal static class CollectionContract
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    internal static string? Problem(JsonTypeInfo info, string place)
    {
        var name = TypeNames.Of(info.Type);
        if (!CanBeRead(info))
        {
            return info.Kind == JsonTypeInfoKind.Dictionary
                ? $"{ObjectContract.At(place, name)} cannot be read from JSON; use a Dictionary whose key is a string, number, enum, Guid "
                    + "or time, or a list of records"
                : $"{ObjectContract.At(place, name)} cannot be read from JSON; use an array or a List";
        }

        return IsReversed(info.Type) ? $"{ObjectContract.At(place, name)} is read back in reverse order; use an array or a List"
            : OwnField(info.Type) is { } field
                ? $"{ObjectContract.At(place, name)}: {field} is not written to JSON; hold the items in a property of a record instead"
            : null;
    }

    private static bool CanBeRead(JsonTypeInfo info)
    {
        try
        {
            _ = JsonSerializer.Deserialize(info.Kind == JsonTypeInfoKind.Dictionary ? "{\"\":null}"u8 : "[]"u8, info);
            return true;
        }
        catch (Exception wrong) when (wrong is NotSupportedException or InvalidOperationException)
        {
            return false;
        }
#pragma warning disable CA1031 // The key or the value is none of the type's, which was to be expected.
        catch (Exception)
#pragma warning restore CA1031
        {
            return true;
        }
    }

    /// <summary>Tries the same kind of collection with numbers.</summary>
    private static bool IsReversed(Type type)
    {
        if (type is not { IsGenericType: true, IsInterface: false } || type.GetGenericArguments().Length != 1)
        {
            return false;
        }

        try
        {
            var numbers = type.GetGenericTypeDefinition().MakeGenericType(typeof(int));
            var back = JsonSerializer.Deserialize("[1,2]"u8, FlowJson.Options.GetTypeInfo(numbers));
            return JsonSerializer.Serialize(back, FlowJson.Options.GetTypeInfo(numbers)) == "[2,1]";
        }
#pragma warning disable CA1031 // A collection that takes no numbers; it says nothing about the order.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    /// <summary>What an author's collection holds besides its items; null for nothing.</summary>
    private static string? OwnField(Type type)
    {
        for (var at = type; at is not null && at.Assembly != typeof(object).Assembly && !at.IsArray; at = at.BaseType)
        {
            // A collection that is written from scratch keeps its items in fields; one that derives from another does not.
            var derives =
                at.BaseType is { } known
                && FlowJson.Options.GetTypeInfo(known).Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary;
            if (derives && at.GetFields(Declared) is [var field, ..])
            {
                return field.Name.StartsWith('<') ? field.Name[1..].Split('>')[0] : field.Name;
            }
        }

        return null;
    }
}
