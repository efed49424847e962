using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Serverless.Flows.Analyzers.Declarations;

/// <summary>Finds flows and tasks that the host would refuse when it starts, because of how they are declared.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DeclarationAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule.NoJson, Rule.Signature];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        if (context is null)
        {
            throw new ArgumentNullException(nameof(context));
        }

        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (FlowSymbols.Of(start.Compilation) is { } symbols)
            {
                JsonTypes types = new(start.Compilation, symbols);
                start.RegisterSymbolAction(symbol => Check(symbol, symbols, types), SymbolKind.Method);
            }
        });
    }

    private static void Check(SymbolAnalysisContext context, FlowSymbols symbols, JsonTypes types)
    {
        var method = (IMethodSymbol)context.Symbol;
        var isFlow = symbols.IsFlow(method);
        if (!isFlow && !symbols.IsTask(method))
        {
            return;
        }

        foreach (var problem in Problems(method))
        {
            Signature(method, problem);
        }

        foreach (var parameter in method.Parameters)
        {
            if (parameter.RefKind is not RefKind.None)
            {
                Signature(parameter, $"parameter '{parameter.Name}' is ref, in or out; pass a value");
            }
            else if (isFlow && FlowSymbols.Is(parameter.Type, symbols.TaskContext))
            {
                Signature(parameter, $"parameter '{parameter.Name}' is a TaskContext; a flow takes a FlowContext");
            }
            else if (!isFlow && FlowSymbols.Is(parameter.Type, symbols.FlowContext))
            {
                Signature(parameter, $"parameter '{parameter.Name}' is a FlowContext; tasks cannot call tasks, they take a TaskContext");
            }
            else if (!types.IsSupplied(parameter.Type) && types.Problem(parameter.Type) is { } problem)
            {
                context.ReportDiagnostic(
                    Diagnostic.Create(Rule.NoJson, Place(parameter), $"Parameter '{parameter.Name}' of '{method.Name}'", problem)
                );
            }
        }

        if (types.ResultOf(method.ReturnType) is { SpecialType: not SpecialType.System_Object } result && types.Problem(result) is { } lost)
        {
            context.ReportDiagnostic(Diagnostic.Create(Rule.NoJson, Place(method), $"The result of '{method.Name}'", lost));
        }

        void Signature(ISymbol place, string problem) =>
            context.ReportDiagnostic(Diagnostic.Create(Rule.Signature, Place(place), method.Name, isFlow ? "flow" : "task", problem));
    }

    private static Location? Place(ISymbol symbol) => symbol.Locations.FirstOrDefault();

    private static IEnumerable<string> Problems(IMethodSymbol method)
    {
        if (method.IsGenericMethod || IsGeneric(method.ContainingType))
        {
            yield return "the method and its type must not have type parameters";
        }
        else if (method.IsAbstract || (!method.IsStatic && (method.ContainingType.IsAbstract || method.ContainingType.IsValueType)))
        {
            yield return "an instance method must be on a class that can be created; make the class concrete or the method static";
        }

        if (method is { ReturnsVoid: true, IsAsync: true })
        {
            yield return "it is async void, so nobody can wait for it; return Task";
        }
        else if (
            method.ReturnType is INamedTypeSymbol { Name: "ValueTask" } result
            && result.ContainingNamespace.ToDisplayString() == "System.Threading.Tasks"
        )
        {
            yield return "it returns a ValueTask; return Task";
        }
    }

    private static bool IsGeneric(INamedTypeSymbol? type) => type is not null && (type.IsGenericType || IsGeneric(type.ContainingType));
}
