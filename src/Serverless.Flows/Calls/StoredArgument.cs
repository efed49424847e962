using System.Linq.Expressions;
using System.Text.Json;
using Serverless.Flows.Binding;
using Serverless.Flows.Hosting;

namespace Serverless.Flows.Calls;

/// <summary>
/// An argument that is nothing but the value of a future, or the values of futures: where a value lies in a result storage, the task that
/// is called reads it from there, and it never comes into the flow's history.
/// </summary>
/// <param name="Futures">Gives the future or the futures.</param>
/// <param name="IsList">Whether the argument is a list of values.</param>
internal sealed record StoredArgument(Expression Futures, bool IsList)
{
    /// <summary>Reads an argument's expression; null for one that is something else.</summary>
    internal static StoredArgument? Of(Expression argument, CallableParameter parameter)
    {
        while (argument is UnaryExpression { NodeType: ExpressionType.Convert, Operand: var inner } convert && IsReference(inner, convert))
        {
            argument = inner;
        }

        return argument switch
        {
            MethodCallExpression { Method.Name: nameof(TaskFuture<int>.AsArgument), Object: { } future }
                when typeof(TaskFuture).IsAssignableFrom(future.Type) => new StoredArgument(future, IsList: false),
            MethodCallExpression { Object: null, Method: { DeclaringType: var type, Name: "ToArray" or "ToList" }, Arguments: [var list] }
                when type == typeof(Enumerable) => OfList(list, parameter),
            _ => OfList(argument, parameter),
        };
    }

    /// <summary>The argument as it travels; null if none of the values lies in a storage.</summary>
    /// <param name="futures">The future or the futures.</param>
    internal string? ToJson(object? futures)
    {
        if (!IsList)
        {
            return ((TaskFuture)futures!).StoredNow() is { } one ? $$"""{"{{TaskValues.One}}":{{Text(one)}}}""" : null;
        }

        var all = ((IEnumerable<TaskFuture>)futures!).ToList();
        return all.Exists(future => future.StoredNow() is not null)
            ? $$"""{"{{TaskValues.Many}}":[{{string.Join(',', all.Select(Item))}}]}"""
            : null;

        static string Item(TaskFuture future) =>
            future.StoredNow() is { } stored
                ? $$"""{"{{TaskValues.One}}":{{Text(stored)}}}"""
                : $$"""{"{{TaskValues.Value}}":{{future.JsonNow()}}}""";
    }

    private static StoredArgument? OfList(Expression list, CallableParameter parameter) =>
        list is MethodCallExpression { Method.Name: nameof(TaskFutures<int>.AsArguments), Object: { } futures }
        && typeof(IEnumerable<TaskFuture>).IsAssignableFrom(futures.Type)
        && TakesList(parameter)
            ? new StoredArgument(futures, IsList: true)
            : null;

    /// <summary>Whether the list can be given to the parameter as an array, or as the list that it wants.</summary>
    private static bool TakesList(CallableParameter parameter) =>
        parameter.TypeInfo.ElementType is { } item
        && (parameter.Type.IsAssignableFrom(item.MakeArrayType()) || parameter.Type == typeof(List<>).MakeGenericType(item));

    private static bool IsReference(Expression from, Expression to) => !from.Type.IsValueType && to.Type.IsAssignableFrom(from.Type);

    private static string Text(StoredResult stored) => JsonSerializer.Serialize(stored, FlowJson.Options);
}
