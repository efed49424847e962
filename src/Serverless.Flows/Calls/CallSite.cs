using System.Linq.Expressions;

namespace Serverless.Flows.Calls;

/// <summary>A call as the flow wrote it: one call of a task or flow in a lambda.</summary>
/// <param name="Definition">The called task or flow.</param>
/// <param name="Arguments">The arguments, one for each parameter.</param>
/// <param name="Item">The lambda's parameter that stands for an item of a map; null outside maps.</param>
internal sealed record CallSite(RunnableDefinition Definition, IReadOnlyList<Expression> Arguments, ParameterExpression? Item)
{
    /// <summary>Reads the lambda of a call.</summary>
    /// <exception cref="ArgumentException">The lambda is not one call.</exception>
    /// <exception cref="FlowRegistrationException">The called method is no registered task or flow.</exception>
    internal static CallSite Parse(LambdaExpression lambda, FlowRegistry registry, bool isMap)
    {
        ArgumentNullException.ThrowIfNull(lambda);
        var body = lambda.Body;
        while (body is UnaryExpression { NodeType: ExpressionType.Convert, Operand: var operand })
        {
            body = operand;
        }

        return body is MethodCallExpression call
            ? new CallSite(registry.Get(call.Method), call.Arguments, isMap ? lambda.Parameters[^1] : null)
            : throw new ArgumentException(
                $"The lambda must be one call of a [Task] or [Flow] method, as in () => Load(path); it is: {lambda.Body}",
                nameof(lambda)
            );
    }
}
