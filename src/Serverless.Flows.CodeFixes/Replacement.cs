using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Serverless.Flows.CodeFixes;

/// <summary>An expression in the place of another.</summary>
internal sealed class Replacement(ExpressionSyntax old, string @new)
{
    /// <summary>The one that goes.</summary>
    public ExpressionSyntax Old { get; } = old;

    /// <summary>The one that comes.</summary>
    public string New { get; } = @new;
}
