using System.Linq.Expressions;

namespace Serverless.Flows.Calls;

/// <summary>
/// Replaces captured variables by their present values and collects the futures among them, so that the argument can be computed
/// later, when the futures are final and the flow may have assigned those variables anew.
/// </summary>
internal sealed class FutureCapture : ExpressionVisitor
{
    private bool _takesState;

    /// <summary>The futures that have to complete.</summary>
    internal List<TaskFuture> Futures { get; } = [];

    /// <summary>Those of which only the state is asked for: they may end as they like.</summary>
    internal List<TaskFuture> States { get; } = [];

    private List<TaskFuture> Found => _takesState ? States : Futures;

    public override Expression? Visit(Expression? node)
    {
        if (node is null || !ArgumentScan.IsFuture(node.Type) || ArgumentScan.Of(node, item: null).UsesParameters)
        {
            return base.Visit(node);
        }

        var value = ExpressionEvaluator.Evaluate(node);
        if (value is TaskFuture future)
        {
            Found.Add(future);
            return Expression.Constant(future, node.Type);
        }

        if (value is IEnumerable<TaskFuture> futures)
        {
            Found.AddRange(futures);
        }

        return Expression.Constant(value, node.Type);
    }

    protected override Expression VisitMethodCall(MethodCallExpression node)
    {
        var before = _takesState;
        _takesState = before || ArgumentScan.TakesState(node);
        try
        {
            return base.VisitMethodCall(node);
        }
        finally
        {
            _takesState = before;
        }
    }

    protected override Expression VisitMember(MemberExpression node) =>
        node.Expression is ConstantExpression ? Expression.Constant(ExpressionEvaluator.Evaluate(node), node.Type) : base.VisitMember(node);
}
