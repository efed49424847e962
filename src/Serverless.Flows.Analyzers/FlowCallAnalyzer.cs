using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Serverless.Flows.Analyzers;

/// <summary>Finds calls of tasks and flows that would fail when they are made.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FlowCallAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule.NoCall, Rule.Argument];

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
                start.RegisterOperationAction(operation => Check(operation, symbols), OperationKind.Invocation);
            }
        });
    }

    private static void Check(OperationAnalysisContext context, FlowSymbols symbols)
    {
        var call = (IInvocationOperation)context.Operation;
        if (IsArgument(call, symbols))
        {
            if (!IsInCall(call, symbols))
            {
                context.ReportDiagnostic(Diagnostic.Create(Rule.Argument, call.Syntax.GetLocation(), call.Syntax.ToString()));
            }

            return;
        }

        if (
            FlowCalls.LambdaOf(call, symbols) is { } made
            && !(made is IInvocationOperation { TargetMethod: var method } && (symbols.IsTask(method) || symbols.IsFlow(method)))
        )
        {
            context.ReportDiagnostic(Diagnostic.Create(Rule.NoCall, made.Syntax.GetLocation(), made.Syntax.ToString()));
        }
    }

    private static bool IsArgument(IInvocationOperation call, FlowSymbols symbols) =>
        call.TargetMethod.Name is "AsArgument" or "AsArguments"
        && symbols.Futures.Any(future => FlowSymbols.Is(call.TargetMethod.ContainingType, future));

    private static bool IsInCall(IOperation operation, FlowSymbols symbols)
    {
        for (var outer = operation.Parent; outer is not null; outer = outer.Parent)
        {
            if (
                outer is IInvocationOperation call
                && FlowCalls.LambdaOf(call, symbols) is { } lambda
                && lambda.Syntax.Span.Contains(operation.Syntax.Span)
            )
            {
                return true;
            }
        }

        return false;
    }
}
