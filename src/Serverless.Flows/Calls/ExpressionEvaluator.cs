using System.Linq.Expressions;
using System.Reflection;

namespace Serverless.Flows.Calls;

/// <summary>
/// Computes the value of an argument. What arguments mostly are (constants, captured variables, members, calls, simple
/// arithmetic) is read directly; the rest is compiled.
/// </summary>
internal static class ExpressionEvaluator
{
    internal static object? Evaluate(Expression expression) =>
        expression switch
        {
            ConstantExpression constant => constant.Value,
            MemberExpression member => Member(member),
            UnaryExpression { NodeType: ExpressionType.Convert, Method: null } convert => Converted(convert),
            MethodCallExpression call => Call(call),
            NewArrayExpression { NodeType: ExpressionType.NewArrayInit } array => Array(array),
            BinaryExpression binary => Binary(binary),
            _ => Compiled(expression),
        };

    private static object? Member(MemberExpression member)
    {
        var target = member.Expression is null ? null : Evaluate(member.Expression);
        return (target, member.Member) switch
        {
            // Compiled code throws the usual exception for a member of nothing.
            (null, _) when member.Expression is not null => Compiled(member),
            (_, FieldInfo field) => field.GetValue(target),
            (_, PropertyInfo property) => property.GetValue(
                target,
                BindingFlags.DoNotWrapExceptions,
                binder: null,
                index: null,
                culture: null
            ),
            _ => Compiled(member),
        };
    }

    private static object? Converted(UnaryExpression convert)
    {
        var (from, to) = (convert.Operand.Type, convert.Type);
        if (to.IsAssignableFrom(from) || Nullable.GetUnderlyingType(to) == from)
        {
            return Evaluate(convert.Operand);
        }

        return from == typeof(int) && Evaluate(convert.Operand) is int number
            ? Type.GetTypeCode(to) switch
            {
                TypeCode.Int64 when !to.IsEnum => (long)number,
                TypeCode.Double => (double)number,
                _ => Compiled(convert),
            }
            : Compiled(convert);
    }

    private static object? Call(MethodCallExpression call)
    {
        var target = call.Object is null ? null : Evaluate(call.Object);
        if (
            (target is null && call.Object is not null)
            || System.Array.Exists(
                call.Method.GetParameters(),
                parameter => parameter.ParameterType.IsByRef || parameter.ParameterType.IsByRefLike
            )
            || call.Method.ReturnType.IsByRefLike
        )
        {
            return Compiled(call);
        }

        var arguments = call.Arguments.Count == 0 ? [] : new object?[call.Arguments.Count];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = Evaluate(call.Arguments[i]);
        }

        return call.Method.Invoke(target, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);
    }

    private static Array Array(NewArrayExpression array)
    {
        var items = System.Array.CreateInstance(array.Type.GetElementType()!, array.Expressions.Count);
        for (var i = 0; i < array.Expressions.Count; i++)
        {
            items.SetValue(Evaluate(array.Expressions[i]), i);
        }

        return items;
    }

    private static object? Binary(BinaryExpression binary)
    {
        if (
            binary is
            {
                Method: { } method,
                IsLifted: false,
                NodeType: not (ExpressionType.AndAlso or ExpressionType.OrElse or ExpressionType.Coalesce)
            }
        )
        {
            return method.Invoke(
                null,
                BindingFlags.DoNotWrapExceptions,
                binder: null,
                [Evaluate(binary.Left), Evaluate(binary.Right)],
                culture: null
            );
        }

        return binary.Type == typeof(int) && binary.Left.Type == typeof(int) && binary.Right.Type == typeof(int)
            ? binary.NodeType switch
            {
                ExpressionType.Add => unchecked((int)Evaluate(binary.Left)! + (int)Evaluate(binary.Right)!),
                ExpressionType.Subtract => unchecked((int)Evaluate(binary.Left)! - (int)Evaluate(binary.Right)!),
                ExpressionType.Multiply => unchecked((int)Evaluate(binary.Left)! * (int)Evaluate(binary.Right)!),
                _ => Compiled(binary),
            }
            : Compiled(binary);
    }

    private static object? Compiled(Expression expression) =>
        Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)();
}
