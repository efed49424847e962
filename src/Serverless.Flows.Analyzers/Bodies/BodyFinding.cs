using Microsoft.CodeAnalysis;

namespace Serverless.Flows.Analyzers.Bodies;

/// <summary>Something that must not stand in a flow's body.</summary>
internal sealed class BodyFinding(DiagnosticDescriptor rule, SyntaxNode place)
{
    /// <summary>As code of the flow's own method.</summary>
    public Diagnostic Own() => Diagnostic.Create(rule, place.GetLocation(), Code(), "");

    /// <summary>As code of a method that a flow calls.</summary>
    public Diagnostic CalledBy(IMethodSymbol flow) => Diagnostic.Create(rule, place.GetLocation(), Code(), $" of the flow '{flow.Name}'");

    /// <summary>What stands there, in one line.</summary>
    private string Code()
    {
        const int Longest = 60;
        var code = string.Join(" ", place.ToString().Split([' ', '\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return code.Length <= Longest ? code : code.Substring(0, Longest) + "…";
    }
}
