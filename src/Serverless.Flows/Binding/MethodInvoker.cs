using System.Linq.Expressions;
using System.Reflection;

namespace Serverless.Flows.Binding;

/// <summary>Compiles a method into a delegate that takes the target and the arguments as objects.</summary>
internal static class MethodInvoker
{
    internal static Func<object?, object?[], object?> Compile(MethodInfo method)
    {
        var target = Expression.Parameter(typeof(object));
        var arguments = Expression.Parameter(typeof(object?[]));
        var call = Expression.Call(
            method.IsStatic ? null : Expression.Convert(target, method.DeclaringType!),
            method,
            method
                .GetParameters()
                .Select(
                    (parameter, position) =>
                        (Expression)
                            Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(position)), parameter.ParameterType)
                )
        );
        Expression body =
            method.ReturnType == typeof(void)
                ? Expression.Block(call, Expression.Constant(value: null))
                : Expression.Convert(call, typeof(object));
        return Expression.Lambda<Func<object?, object?[], object?>>(body, target, arguments).Compile();
    }
}
