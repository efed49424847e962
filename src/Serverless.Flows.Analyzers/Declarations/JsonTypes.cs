using Microsoft.CodeAnalysis;

namespace Serverless.Flows.Analyzers.Declarations;

/// <summary>
/// Types whose values do not come back from JSON as they were, as far as the compiler can know. The host asks the serializer itself when it
/// starts, and so finds more.
/// </summary>
internal sealed class JsonTypes
{
    private static readonly string[] HandleNames =
    [
        "System.Delegate",
        "System.IO.Stream",
        "System.IO.TextReader",
        "System.IO.TextWriter",
        "System.Threading.Tasks.Task",
        "System.Threading.CancellationToken",
        "System.Threading.CancellationTokenSource",
        "System.Exception",
        "System.Type",
        "System.Reflection.MemberInfo",
        "System.Reflection.Assembly",
        "System.IServiceProvider",
        "System.Threading.WaitHandle",
        "System.Net.Http.HttpMessageInvoker",
        "System.Data.Common.DbConnection",
        "System.Collections.Generic.IAsyncEnumerable`1",
        "Microsoft.Extensions.Logging.ILogger",
    ];

    private readonly HashSet<ISymbol> _handles = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _supplied = new(SymbolEqualityComparer.Default);
    private readonly INamedTypeSymbol? _task;
    private readonly INamedTypeSymbol? _taskOf;

    public JsonTypes(Compilation compilation, FlowSymbols symbols)
    {
        _task = compilation.GetTypeByMetadataName("System.Threading.Tasks.Task");
        _taskOf = compilation.GetTypeByMetadataName("System.Threading.Tasks.Task`1");
        _handles.UnionWith(HandleNames.Select(compilation.GetTypeByMetadataName).OfType<INamedTypeSymbol>());
        _handles.UnionWith(symbols.Futures);
        INamedTypeSymbol?[] supplied =
        [
            symbols.FlowContext,
            symbols.TaskContext,
            compilation.GetTypeByMetadataName("System.Threading.CancellationToken"),
            compilation.GetTypeByMetadataName("Microsoft.Extensions.Logging.ILogger"),
        ];
        _supplied.UnionWith(supplied.OfType<INamedTypeSymbol>());
        _handles.UnionWith(_supplied);
    }

    /// <summary>True for what the runtime supplies.</summary>
    public bool IsSupplied(ITypeSymbol type) => _supplied.Contains(type.OriginalDefinition);

    /// <summary>What a method returns when it has been awaited; null for nothing.</summary>
    public ITypeSymbol? ResultOf(ITypeSymbol returned) =>
        returned.SpecialType is SpecialType.System_Void || SymbolEqualityComparer.Default.Equals(returned, _task) ? null
        : returned is INamedTypeSymbol { TypeArguments.Length: 1 } named
        && SymbolEqualityComparer.Default.Equals(named.OriginalDefinition, _taskOf)
            ? named.TypeArguments[0]
        : returned;

    /// <summary>Why the type cannot be used, and what to use instead; null if nothing is known against it.</summary>
    public string? Problem(ITypeSymbol type) => Problem(type, type.Name, new(SymbolEqualityComparer.Default));

    private string? Problem(ITypeSymbol type, string place, HashSet<ISymbol> seen)
    {
        if (!seen.Add(type) || HasConverter(type))
        {
            return null;
        }

        if (type.SpecialType is SpecialType.System_Object)
        {
            return $"{place} is an object, which is read back as JSON, not as its own type; use that type, or JsonElement for any JSON";
        }

        if (type is IPointerTypeSymbol or IFunctionPointerTypeSymbol || type.IsRefLikeType)
        {
            return $"{place} is a {type.ToDisplayString()}, which has no JSON form";
        }

        if (type is IArrayTypeSymbol array)
        {
            return array.Rank > 1
                ? $"{place} is a {type.ToDisplayString()}, which has no JSON form; use an array of arrays"
                : Problem(array.ElementType, $"{place}[]", seen);
        }

        if (IsHandle(type))
        {
            return $"{place} is a {type.ToDisplayString()}, which exists only in this process; pass the value that it is made from, "
                + "such as a path or an id";
        }

        return type is not INamedTypeSymbol named ? null : ArgumentProblem(named, place, seen) ?? MemberProblem(named, place, seen);
    }

    private string? ArgumentProblem(INamedTypeSymbol type, string place, HashSet<ISymbol> seen) =>
        type.Locations.Any(location => location.IsInSource)
            ? null
            : type
                .TypeArguments.Select(argument => Problem(argument, type.IsTupleType ? place : $"{place}[]", seen))
                .FirstOrDefault(problem => problem is not null);

    /// <summary>The members of a type of this project.</summary>
    private string? MemberProblem(INamedTypeSymbol type, string place, HashSet<ISymbol> seen)
    {
        if (
            type.TypeKind is not (TypeKind.Class or TypeKind.Struct)
            || !type.Locations.Any(location => location.IsInSource)
            || IsCollection(type)
        )
        {
            return null;
        }

        for (var one = type; one is not null && one.SpecialType is SpecialType.None; one = one.BaseType)
        {
            foreach (var property in one.GetMembers().OfType<IPropertySymbol>().Where(IsWritten))
            {
                var where = $"{place}.{property.Name}";
                if (property.SetMethod is null && IsStored(property) && !IsConstructed(type, property))
                {
                    return $"{where} is written to JSON but not read back: give it init or a public setter, or a constructor parameter, or "
                        + "use [JsonIgnore] if it is not needed";
                }

                if (Problem(property.Type, where, seen) is { } problem)
                {
                    return problem;
                }
            }
        }

        return null;
    }

    private static bool IsCollection(INamedTypeSymbol type) =>
        type.AllInterfaces.Any(one => one.SpecialType is SpecialType.System_Collections_IEnumerable);

    private static bool IsWritten(IPropertySymbol property) =>
        property is { IsStatic: false, IsIndexer: false, DeclaredAccessibility: Accessibility.Public, GetMethod: not null }
        && !property.GetAttributes().Any(attribute => attribute.AttributeClass?.Name is "JsonIgnoreAttribute" or "JsonConverterAttribute");

    /// <summary>True when it holds a value of its own, rather than one computed from others.</summary>
    private static bool IsStored(IPropertySymbol property) =>
        property
            .ContainingType.GetMembers()
            .OfType<IFieldSymbol>()
            .Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    private static bool IsConstructed(INamedTypeSymbol type, IPropertySymbol property) =>
        type
            .InstanceConstructors.SelectMany(constructor => constructor.Parameters)
            .Any(parameter => string.Equals(parameter.Name, property.Name, StringComparison.OrdinalIgnoreCase));

    private static bool HasConverter(ITypeSymbol type) =>
        type.GetAttributes().Any(attribute => attribute.AttributeClass?.Name is "JsonConverterAttribute");

    private bool IsHandle(ITypeSymbol type)
    {
        for (var one = type; one is not null; one = one.BaseType)
        {
            if (_handles.Contains(one.OriginalDefinition))
            {
                return true;
            }
        }

        return type.AllInterfaces.Any(one => _handles.Contains(one.OriginalDefinition));
    }
}
