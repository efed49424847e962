using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Serverless.Flows.Binding;

/// <summary>Whether what an object holds is written, and read again into one like it.</summary>
internal static class ObjectContract
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private const string BackingField = ">k__BackingField";

    internal static string? Problem(JsonTypeInfo info, string place) =>
        CreationProblem(info, place) ?? MemberProblem(info, place) ?? FieldProblem(info, place) ?? PolymorphismProblem(info, place);

    private static string? CreationProblem(JsonTypeInfo info, string place)
    {
        var name = TypeNames.Of(info.Type);
        if (info.CreateObject is null && info.ConstructorAttributeProvider is null)
        {
            return info.PolymorphismOptions is { DerivedTypes.Count: > 0 } && (info.Type.IsAbstract || info.Type.IsInterface)
                ? null
                : $"{At(place, name)} cannot be created; it needs to be a concrete type with one public constructor, or "
                    + "[JsonDerivedType] for each derived type";
        }

        // With a constructor without parameters the serializer has the object made, and asks nothing of the others.
        if (info.CreateObject is not null || info.ConstructorAttributeProvider is not ConstructorInfo constructor)
        {
            return null;
        }

        var bound = info.Properties.Select(property => property.AssociatedParameter?.Position).ToHashSet();
        return constructor.GetParameters().FirstOrDefault(parameter => !bound.Contains(parameter.Position)) is { } unbound
            ? $"{At(place, name)}: the parameter '{unbound.Name}' of its constructor has no public property or field of that name and "
                + "type; add one, so that it is written"
            : null;
    }

    private static string? MemberProblem(JsonTypeInfo info, string place)
    {
        foreach (var property in info.Properties)
        {
            if (property.Get is null || IsRead(property) || property.AttributeProvider is not MemberInfo member)
            {
                continue;
            }

            // What is computed from the rest comes back with the rest.
            if (member is FieldInfo || HasOwnField(member))
            {
                var remedy =
                    member is FieldInfo ? "make it writable, or a constructor parameter"
                    : info.Type.IsValueType ? "give it init, or its constructor [JsonConstructor]"
                    : "give it init or a public setter, or a constructor parameter";
                return $"{place}.{member.Name} is written to JSON but not read back: {remedy}, or use [JsonIgnore] if it is not needed";
            }
        }

        return null;
    }

    private static string? FieldProblem(JsonTypeInfo info, string place)
    {
        // A property that is written by hand keeps its value in fields of any name.
        var hasOwnStorage = info.Properties.Any(property =>
            property is { Get: not null, AttributeProvider: PropertyInfo member } && IsRead(property) && !HasOwnField(member)
        );
        for (var type = info.Type; type is not null && type != typeof(object) && type != typeof(ValueType); type = type.BaseType)
        {
            foreach (var field in type.GetFields(Declared))
            {
                if (
                    MemberOf(field) is not { } member
                    || IsIgnored(member)
                    || IsIgnored(field)
                    || (member == field && !field.IsPublic && hasOwnStorage)
                )
                {
                    continue;
                }

                if (
                    !info.Properties.Any(property =>
                        property.Get is not null && property.AttributeProvider is MemberInfo known && known.Name == member.Name
                    )
                )
                {
                    return $"{place}.{member.Name} is not public, so it is not written to JSON: make it a public property, or "
                        + "use [JsonIgnore] if it is not needed";
                }
            }
        }

        return null;
    }

    private static string? PolymorphismProblem(JsonTypeInfo info, string place) =>
        info.PolymorphismOptions?.DerivedTypes.FirstOrDefault(derived =>
            derived.TypeDiscriminator is null && derived.DerivedType != info.Type
        )
            is { DerivedType: { } type }
            ? $"{place}: a {TypeNames.Of(type)} is read back as a {TypeNames.Of(info.Type)}; give it a name: "
                + $"[JsonDerivedType(typeof({TypeNames.Of(type)}), \"…\")]"
            : null;

    private static bool IsRead(JsonPropertyInfo property) =>
        property.Set is not null
        || property.AssociatedParameter is not null
        || property.ObjectCreationHandling == JsonObjectCreationHandling.Populate;

    private static bool HasOwnField(MemberInfo member) =>
        member is PropertyInfo && member.DeclaringType?.GetField($"<{member.Name}{BackingField}", Declared) is not null;

    /// <summary>What the field belongs to: the property that the compiler made it for, or itself.</summary>
    private static MemberInfo? MemberOf(FieldInfo field) =>
        field.Name.EndsWith(BackingField, StringComparison.Ordinal)
            ? field.DeclaringType!.GetProperty(field.Name[1..^BackingField.Length], Declared)
            : field;

    private static bool IsIgnored(MemberInfo member) =>
        member.IsDefined(typeof(JsonIgnoreAttribute)) || member.IsDefined(typeof(NonSerializedAttribute));

    /// <summary>A place with its type, unless it is the type itself.</summary>
    internal static string At(string place, string type) => place == type ? place : $"{place} ({type})";
}
