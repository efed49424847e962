using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Serverless.Core.States;

namespace Serverless.Flows.Binding;

/// <summary>
/// Finds types whose values do not come back from JSON as they were. What a type can do is read from the serializer's own contract of it:
/// how it is constructed, which members are written and which are read, what it holds and what stands in its place.
/// </summary>
internal static class SerializableTypes
{
    private static readonly ConcurrentDictionary<Type, string?> Known = new();

    private static readonly Type[] Handles =
    [
        typeof(Delegate),
        typeof(Stream),
        typeof(TextReader),
        typeof(TextWriter),
        typeof(Task),
        typeof(CancellationToken),
        typeof(Exception),
        typeof(MemberInfo),
        typeof(Assembly),
        typeof(IServiceProvider),
        typeof(nint),
        typeof(nuint),
        typeof(WaitHandle),
        typeof(Microsoft.Extensions.Logging.ILogger),
        typeof(FlowContext),
        typeof(TaskContext),
        typeof(TaskFuture),
    ];

    /// <summary>Why the type cannot be used, with the member it is about and what to use instead; null if it can.</summary>
    internal static string? Problem(Type type) => Known.GetOrAdd(type, static start => Problem(start, TypeNames.Of(start), []));

    private static string? Problem(Type type, string place, HashSet<Type> seen)
    {
        if (!seen.Add(type))
        {
            return null;
        }

        if (type.IsPointer || type.IsByRefLike || (type.IsArray && type.GetArrayRank() > 1))
        {
            return $"{place} is a {TypeNames.Of(type)}, which has no JSON form{(type.IsArray ? "; use an array of arrays" : "")}";
        }

        if (Array.Exists(Handles, handle => handle.IsAssignableFrom(type)) || IsAsyncStream(type))
        {
            return $"{place} is a {TypeNames.Of(type)}, which exists only in this process; pass the value that it is made from, such "
                + "as a path or an id";
        }

        if (typeof(IState).IsAssignableFrom(type))
        {
            return $"{place} is a {TypeNames.Of(type)} of the server; use RunState";
        }

        if (type == typeof(object))
        {
            return $"{place} is an object, which is read back as JSON, not as its own type; use that type, or JsonElement for any JSON";
        }

        JsonTypeInfo info;
        try
        {
            info = FlowJson.Options.GetTypeInfo(type);
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException or ArgumentException)
        {
            return $"{place}: {exception.Message}";
        }

        return info.Kind switch
        {
            JsonTypeInfoKind.Object => ObjectProblem(info, place, seen),
            JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary => CollectionContract.Problem(info, place)
                ?? Problem(info.ElementType!, $"{place}[]", seen),
            _ => Nullable.GetUnderlyingType(type) is { } underlying ? Problem(underlying, place, seen) : ValueProblem(info, place),
        };
    }

    private static string? ObjectProblem(JsonTypeInfo info, string place, HashSet<Type> seen) =>
        ObjectContract.Problem(info, place)
        ?? info.Properties.Where(property =>
                property is { IsExtensionData: false } && (property.Get is not null || property.Set is not null)
            )
            .Select(property => Problem(property.PropertyType, $"{place}.{MemberName(property)}", seen))
            .FirstOrDefault(problem => problem is not null)
        ?? info.PolymorphismOptions?.DerivedTypes.Select(derived => Problem(derived.DerivedType, TypeNames.Of(derived.DerivedType), seen))
            .FirstOrDefault(problem => problem is not null);

    /// <summary>Some types of the framework have a converter that only says no.</summary>
    private static string? ValueProblem(JsonTypeInfo info, string place)
    {
        try
        {
            _ = JsonSerializer.Deserialize("{}"u8, info);
        }
        catch (NotSupportedException)
        {
            return $"{place} is a {TypeNames.Of(info.Type)}, which has no JSON form";
        }
#pragma warning disable CA1031 // That the text is none of its values was to be expected; an author's converter says so as it likes.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }

        return null;
    }

    private static string MemberName(JsonPropertyInfo property) => (property.AttributeProvider as MemberInfo)?.Name ?? property.Name;

    private static bool IsAsyncStream(Type type) =>
        (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>))
        || type.GetInterfaces()
            .Any(contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));
}
