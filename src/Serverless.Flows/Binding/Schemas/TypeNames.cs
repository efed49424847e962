namespace Serverless.Flows.Binding;

/// <summary>Types as authors write them.</summary>
internal static class TypeNames
{
    internal static string Of(Type type)
    {
        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (!type.IsGenericType)
        {
            return type.Name;
        }

        var name = type.Name.Split('`')[0];
        return Nullable.GetUnderlyingType(type) is { } underlying
            ? $"{Of(underlying)}?"
            : $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>";
    }
}
