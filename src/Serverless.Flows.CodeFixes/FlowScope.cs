using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Serverless.Flows.CodeFixes;

/// <summary>What can be used at a place in a flow.</summary>
internal sealed class FlowScope
{
    private readonly SemanticModel _model;

    private FlowScope(SemanticModel model, string? flow, bool isAsync)
    {
        _model = model;
        Flow = flow;
        IsAsync = isAsync;
    }

    /// <summary>The name of the flow's context; null when there is none at that place.</summary>
    public string? Flow { get; }

    /// <summary>Whether one can await there.</summary>
    public bool IsAsync { get; }

    public static FlowScope Of(ExpressionSyntax place, SemanticModel model, CancellationToken cancellationToken)
    {
        var context = model
            .LookupSymbols(place.SpanStart)
            .FirstOrDefault(symbol =>
                symbol switch
                {
                    IParameterSymbol parameter => IsContext(parameter.Type),
                    ILocalSymbol local => IsContext(local.Type),
                    _ => false,
                }
            );
        cancellationToken.ThrowIfCancellationRequested();
        var function = place
            .Ancestors()
            .FirstOrDefault(node =>
                node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax
            );
        var isAsync = function switch
        {
            BaseMethodDeclarationSyntax method => method.Modifiers.Any(SyntaxKind.AsyncKeyword),
            LocalFunctionStatementSyntax local => local.Modifiers.Any(SyntaxKind.AsyncKeyword),
            AnonymousFunctionExpressionSyntax lambda => lambda.Modifiers.Any(SyntaxKind.AsyncKeyword),
            _ => false,
        };
        return new(model, context?.Name, isAsync);
    }

    /// <summary>The type of an expression, by its full name.</summary>
    public string? TypeOf(ExpressionSyntax expression) => _model.GetTypeInfo(expression).Type?.ToDisplayString();

    private static bool IsContext(ITypeSymbol type) => type.ToDisplayString() == "Serverless.Flows.FlowContext";
}
