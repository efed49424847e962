using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Serverless.Flows.Analyzers.Bodies;

/// <summary>Reads one method: what of it must not stand in a flow's body, and which methods it calls.</summary>
internal sealed class BodyScan : OperationWalker
{
    private readonly FlowSymbols _symbols;
    private readonly BannedMembers _banned;
    private readonly CancellationToken _cancellationToken;

    /// <summary>The calls that lambdas make for <c>flow.RunAsync</c> and the like: the flow makes a run of them.</summary>
    private readonly HashSet<IOperation> _made = [];

    private BodyScan(FlowSymbols symbols, BannedMembers banned, CancellationToken cancellationToken)
    {
        _symbols = symbols;
        _banned = banned;
        _cancellationToken = cancellationToken;
    }

    /// <summary>What must not stand there.</summary>
    public List<BodyFinding> Findings { get; } = [];

    /// <summary>Methods of this compilation that it calls.</summary>
    public HashSet<IMethodSymbol> Calls { get; } = new(SymbolEqualityComparer.Default);

    public static BodyScan Of(
        IEnumerable<IOperation> blocks,
        FlowSymbols symbols,
        BannedMembers banned,
        CancellationToken cancellationToken
    )
    {
        BodyScan scan = new(symbols, banned, cancellationToken);
        foreach (var block in blocks)
        {
            scan.Visit(block);
        }

        return scan;
    }

    public override void Visit(IOperation? operation)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        base.Visit(operation);
    }

    public override void VisitInvocation(IInvocationOperation operation)
    {
        var method = operation.TargetMethod;
        if (FlowCalls.CallOf(operation, _symbols) is { } made)
        {
            _ = _made.Add(made);
        }

        if (method.Name == "ConfigureAwait" && LeavesTheTurn(operation))
        {
            Add(Rule.ConfigureAwait, operation);
        }
        else if (_symbols.IsTask(method))
        {
            if (!_made.Contains(operation))
            {
                Add(Rule.DirectCall, operation);
            }
        }
        else
        {
            Look(method, operation);
            if (!_symbols.IsFlow(method))
            {
                Follow(method);
            }
        }

        base.VisitInvocation(operation);
    }

    public override void VisitObjectCreation(IObjectCreationOperation operation)
    {
        if (operation.Constructor is { } constructor)
        {
            if (IsTimer(operation))
            {
                Add(Rule.Delay, operation);
            }
            else
            {
                Look(constructor, operation);
            }

            Follow(constructor);
        }

        base.VisitObjectCreation(operation);
    }

    public override void VisitPropertyReference(IPropertyReferenceOperation operation)
    {
        var property = operation.Property;
        Look(property, operation);
        if (property is { IsStatic: true, SetMethod: not null } && IsOurs(property))
        {
            Add(Rule.StaticState, operation);
        }

        if (property.GetMethod is { } getter)
        {
            Follow(getter);
        }

        base.VisitPropertyReference(operation);
    }

    public override void VisitFieldReference(IFieldReferenceOperation operation)
    {
        var field = operation.Field;
        if (field is { IsStatic: true, IsReadOnly: false, IsConst: false } && IsOurs(field))
        {
            Add(Rule.StaticState, operation);
        }

        base.VisitFieldReference(operation);
    }

    public override void VisitMethodReference(IMethodReferenceOperation operation)
    {
        if (!_symbols.IsTask(operation.Method) && !_symbols.IsFlow(operation.Method))
        {
            Look(operation.Method, operation);
            Follow(operation.Method);
        }

        base.VisitMethodReference(operation);
    }

    public override void VisitLock(ILockOperation operation)
    {
        Add(Rule.Blocking, operation.LockedValue);
        base.VisitLock(operation);
    }

    public override void VisitNameOf(INameOfOperation operation)
    {
        // Only a name.
    }

    private static bool IsOurs(ISymbol symbol) =>
        symbol.DeclaringSyntaxReferences.Length > 0 || symbol.ContainingType?.Locations.Any(place => place.IsInSource) == true;

    private static bool LeavesTheTurn(IInvocationOperation operation) =>
        operation.Arguments.Length == 1
        && operation.Arguments[0].Value.ConstantValue is { HasValue: true, Value: { } value }
        && value switch
        {
            bool continues => !continues,
            // ConfigureAwaitOptions.ContinueOnCapturedContext is 1.
            int options => (options & 1) == 0,
            _ => false,
        };

    private static bool IsTimer(IObjectCreationOperation operation) =>
        operation is { Type.Name: "CancellationTokenSource", Arguments.Length: > 0 }
        && operation.Type.ContainingNamespace.ToDisplayString() == "System.Threading";

    private void Follow(IMethodSymbol method)
    {
        if (method.DeclaringSyntaxReferences.Length > 0 && method.MethodKind is not MethodKind.LocalFunction)
        {
            _ = Calls.Add(method.OriginalDefinition);
        }
    }

    private void Look(ISymbol member, IOperation operation)
    {
        if (_banned.RuleOf(member) is { } rule)
        {
            Add(rule, operation);
        }
    }

    private void Add(DiagnosticDescriptor rule, IOperation operation) => Findings.Add(new(rule, operation.Syntax));
}
