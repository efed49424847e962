using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Serverless.Flows.CodeFixes;

/// <summary>Puts what the flow's context offers in the place of what a flow's body must not do.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class FlowBodyFix : CodeFixProvider
{
    private static readonly Dictionary<string, Func<ExpressionSyntax, FlowScope, Replacement?>> Fixes = new(StringComparer.Ordinal)
    {
        ["FLOW001"] = Replacements.Clock,
        ["FLOW002"] = Replacements.NewGuid,
        ["FLOW004"] = Replacements.Delay,
        ["FLOW009"] = Replacements.ConfigureAwait,
        ["FLOW010"] = Replacements.DirectCall,
    };

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [.. Fixes.Keys];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (
            await context.Document.GetSyntaxRootAsync(context.CancellationToken) is not { } root
            || await context.Document.GetSemanticModelAsync(context.CancellationToken) is not { } model
        )
        {
            return;
        }

        foreach (var diagnostic in context.Diagnostics)
        {
            if (
                root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is ExpressionSyntax found
                && FlowScope.Of(found, model, context.CancellationToken) is var scope
                && Fixes[diagnostic.Id](found, scope) is { } fix
            )
            {
                var changed = root.ReplaceNode(
                    fix.Old,
                    SyntaxFactory.ParseExpression(fix.New).WithTriviaFrom(fix.Old).WithAdditionalAnnotations(Formatter.Annotation)
                );
                context.RegisterCodeFix(
                    CodeAction.Create(
                        $"Use '{fix.New}'",
                        _ => Task.FromResult(context.Document.WithSyntaxRoot(changed)),
                        equivalenceKey: diagnostic.Id
                    ),
                    diagnostic
                );
            }
        }
    }
}
