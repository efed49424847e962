using System.Linq.Expressions;
using System.Reflection;

namespace Serverless.Flows.Calls;

/// <summary>Finds what an argument depends on.</summary>
internal sealed class ArgumentScan : ExpressionVisitor
{
    private readonly ParameterExpression? _item;

    private ArgumentScan(ParameterExpression? item) => _item = item;

    /// <summary>Whether a future, or a list of futures, occurs.</summary>
    internal bool HasFutures { get; private set; }

    /// <summary>Whether the item of a map occurs.</summary>
    internal bool UsesItem { get; private set; }

    /// <summary>Whether the state of the map's item, a future, is asked for: it may end as it likes.</summary>
    internal bool TakesStateOfItem { get; private set; }

    /// <summary>A task or flow that the argument calls, or hands on as a method; null for none.</summary>
    internal MethodInfo? Nested { get; private set; }

    /// <summary>Whether a parameter of a lambda inside the argument, or of the call's own lambda, occurs.</summary>
    internal bool UsesParameters { get; private set; }

    internal static ArgumentScan Of(Expression argument, ParameterExpression? item)
    {
        var scan = new ArgumentScan(item);
        scan.Visit(argument);
        return scan;
    }

    internal static bool IsFuture(Type type) =>
        typeof(TaskFuture).IsAssignableFrom(type) || typeof(IEnumerable<TaskFuture>).IsAssignableFrom(type);

    /// <summary>Whether a call asks for the state of its future, and not for the value.</summary>
    internal static bool TakesState(MethodCallExpression call) =>
        call is { Object.Type: { } type, Method.Name: nameof(TaskFuture.AsStateArgument) or nameof(TaskFutures.AsStateArguments) }
        && IsFuture(type);

    public override Expression? Visit(Expression? node)
    {
        HasFutures = HasFutures || (node is not null && IsFuture(node.Type));
        return base.Visit(node);
    }

    protected override Expression VisitMethodCall(MethodCallExpression node)
    {
        Note(node.Method);
        TakesStateOfItem = TakesStateOfItem || (TakesState(node) && node.Object == _item);
        return base.VisitMethodCall(node);
    }

    protected override Expression VisitConstant(ConstantExpression node)
    {
        Note(node.Value as MethodInfo);
        return node;
    }

    private void Note(MethodInfo? method)
    {
        if (method is not null && (method.IsDefined(typeof(TaskAttribute)) || method.IsDefined(typeof(FlowAttribute))))
        {
            Nested ??= method;
        }
    }

    protected override Expression VisitParameter(ParameterExpression node)
    {
        UsesParameters = true;
        UsesItem = UsesItem || node == _item;
        return node;
    }
}
