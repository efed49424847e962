using System.Linq.Expressions;

namespace Serverless.Flows.Calls;

/// <summary>
/// Replaces captured variables by their present values and collects the futures among them, so that the argument can be computed
/// later, when the futures are final and the flow may have assigned those variables anew.
/// </summary>
internal sealed class FutureCapture : ExpressionVisitor
{
    internal List<TaskFuture> Futures { get; } = [];

    public override Expression? Visit(Expression? node)
    {
        if (node is null || !ArgumentScan.IsFuture(node.Type) || ArgumentScan.Of(node, item: null).UsesParameters)
        {
            return base.Visit(node);
        }

        var value = ExpressionEvaluator.Evaluate(node);
        if (value is TaskFuture future)
        {
            Futures.Add(future);
            return Expression.Constant(future, node.Type);
        }

        if (value is IEnumerable<TaskFuture> futures)
        {
            Futures.AddRange(futures);
        }

        return Expression.Constant(value, node.Type);
    }

    protected override Expression VisitMember(MemberExpression node) =>
        node.Expression is ConstantExpression ? Expression.Constant(ExpressionEvaluator.Evaluate(node), node.Type) : base.VisitMember(node);
}
