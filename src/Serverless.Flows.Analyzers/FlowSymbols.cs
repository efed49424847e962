using Microsoft.CodeAnalysis;

namespace Serverless.Flows.Analyzers;

/// <summary>The types of the authoring package, as a compilation knows them.</summary>
internal sealed class FlowSymbols
{
    private const string Namespace = "Serverless.Flows.";

    private static readonly string[] FutureNames = ["TaskFuture", "TaskFuture`1", "TaskFutures", "TaskFutures`1"];

    private readonly INamedTypeSymbol _flow;
    private readonly INamedTypeSymbol _task;

    private FlowSymbols(INamedTypeSymbol flow, INamedTypeSymbol task, INamedTypeSymbol flowContext, Compilation compilation)
    {
        _flow = flow;
        _task = task;
        FlowContext = flowContext;
        TaskContext = compilation.GetTypeByMetadataName(Namespace + "TaskContext");
        Futures = [.. FutureNames.Select(name => compilation.GetTypeByMetadataName(Namespace + name)).OfType<INamedTypeSymbol>()];
    }

    /// <summary>What a flow takes.</summary>
    public INamedTypeSymbol FlowContext { get; }

    /// <summary>What a task takes.</summary>
    public INamedTypeSymbol? TaskContext { get; }

    /// <summary>Futures of one call and of several.</summary>
    public IReadOnlyList<INamedTypeSymbol> Futures { get; }

    /// <summary>Null when the compilation does not refer to the authoring package.</summary>
    public static FlowSymbols? Of(Compilation compilation) =>
        compilation.GetTypeByMetadataName(Namespace + "FlowAttribute") is { } flow
        && compilation.GetTypeByMetadataName(Namespace + "TaskAttribute") is { } task
        && compilation.GetTypeByMetadataName(Namespace + "FlowContext") is { } context
            ? new(flow, task, context, compilation)
            : null;

    /// <summary>True for a method with <c>[Flow]</c>.</summary>
    public bool IsFlow(IMethodSymbol method) => Has(method, _flow);

    /// <summary>True for a method with <c>[Task]</c>.</summary>
    public bool IsTask(IMethodSymbol method) => Has(method, _task);

    /// <summary>True for a type or one that it derives from.</summary>
    public static bool Is(ITypeSymbol? type, ITypeSymbol? other)
    {
        for (var one = type; one is not null; one = one.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(one.OriginalDefinition, other))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Has(IMethodSymbol method, INamedTypeSymbol attribute) =>
        method.GetAttributes().Any(one => SymbolEqualityComparer.Default.Equals(one.AttributeClass, attribute));
}
