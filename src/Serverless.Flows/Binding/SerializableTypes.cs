using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace Serverless.Flows.Binding;

/// <summary>Finds types that cannot make the way to JSON and back.</summary>
internal static class SerializableTypes
{
    private static readonly Type[] Handles =
    [
        typeof(Delegate), typeof(Stream), typeof(TextReader), typeof(TextWriter), typeof(Task), typeof(CancellationToken),
        typeof(Exception), typeof(MemberInfo), typeof(Assembly), typeof(IServiceProvider), typeof(nint), typeof(nuint), typeof(WaitHandle),
        typeof(Microsoft.Extensions.Logging.ILogger), typeof(FlowContext), typeof(TaskContext), typeof(TaskFuture),
    ];

    /// <summary>Why the type cannot be used, with the member it is about; null if it can.</summary>
    internal static string? Problem(Type type) => Problem(type, type.Name, []);

    private static string? Problem(Type type, string place, HashSet<Type> seen)
    {
        if (!seen.Add(type))
        {
            return null;
        }

        if (type.IsPointer || type.IsByRefLike || (type.IsArray && type.GetArrayRank() > 1))
        {
            return $"{place} is a {type.Name}, which has no JSON form";
        }

        if (Array.Exists(Handles, handle => handle.IsAssignableFrom(type)) || IsAsyncStream(type))
        {
            return $"{place} is a {type.Name}, which stands for something in this process";
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
            JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary => Problem(info.ElementType!, $"{place}[]", seen),
            _ => Nullable.GetUnderlyingType(type) is { } underlying ? Problem(underlying, place, seen) : null,
        };
    }

    private static string? ObjectProblem(JsonTypeInfo info, string place, HashSet<Type> seen)
    {
        if (info.CreateObject is null && info.ConstructorAttributeProvider is null && info.PolymorphismOptions is null)
        {
            return $"{place} ({info.Type.Name}) cannot be created; it needs to be a concrete type with one public constructor";
        }

        return info.Properties
            .Select(property => Problem(property.PropertyType, $"{place}.{property.Name}", seen))
            .FirstOrDefault(problem => problem is not null);
    }

    private static bool IsAsyncStream(Type type) =>
        (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>))
        || type.GetInterfaces().Any(contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));
}
