using System.Linq.Expressions;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Serverless.LocalRuntime.Functions;

/// <summary>Calls a function method through a delegate compiled once, and makes one shape of its results.</summary>
internal static class FunctionInvoker
{
    /// <summary>Calls the method.</summary>
    /// <param name="target">The function's object; null for a static method.</param>
    /// <param name="payload">The trigger's value in the type of the trigger parameter.</param>
    /// <param name="context">The invocation.</param>
    public delegate Task<object?> Invoke(object? target, object? payload, LocalFunctionContext context);

    /// <summary>Compiles the call of a method.</summary>
    /// <exception cref="NotSupportedException">A parameter or the result has a type that the runtime does not serve.</exception>
    public static Invoke Compile(MethodInfo method, ParameterInfo trigger)
    {
        var target = Expression.Parameter(typeof(object), "target");
        var payload = Expression.Parameter(typeof(object), "payload");
        var context = Expression.Parameter(typeof(LocalFunctionContext), "context");
        var arguments = method.GetParameters().Select(parameter => Argument(method, parameter, trigger, payload, context));
        Expression? instance = method.IsStatic ? null : Expression.Convert(target, method.DeclaringType!);
        var body = Adapt(method, Expression.Call(instance, method, arguments));
        return Expression.Lambda<Invoke>(body, target, payload, context).Compile();
    }

    private static Expression Argument(
        MethodInfo method,
        ParameterInfo parameter,
        ParameterInfo trigger,
        Expression payload,
        Expression context
    )
    {
        var type = parameter.ParameterType;

        // By position: reflection may describe one parameter by several objects when threads ask for it at once.
        if (parameter.Position == trigger.Position)
        {
            return type.IsValueType
                ? Expression.Condition(
                    Expression.Equal(payload, Expression.Constant(null)),
                    Expression.Default(type),
                    Expression.Convert(payload, type)
                )
                : Expression.Convert(payload, type);
        }

        if (type == typeof(FunctionContext))
        {
            return context;
        }

        if (type == typeof(CancellationToken))
        {
            return Expression.Property(context, nameof(LocalFunctionContext.CancellationToken));
        }

        if (type == typeof(DurableTaskClient) && parameter.IsDefined(typeof(DurableClientAttribute)))
        {
            return Expression.Property(context, nameof(LocalFunctionContext.Client));
        }

        if (trigger.IsDefined(typeof(OrchestrationTriggerAttribute)))
        {
            // An orchestrator's further parameter takes its input, as in the published worker.
            return Expression.Call(
                Expression.Convert(payload, typeof(TaskOrchestrationContext)),
                nameof(TaskOrchestrationContext.GetInput),
                [type]
            );
        }

        throw new NotSupportedException(
            $"Function method {method.DeclaringType}.{method.Name} has parameter '{parameter.Name}' of type {type}, for which there is no "
                + "binding."
        );
    }

    private static Expression Adapt(MethodInfo method, Expression call)
    {
        var result = method.ReturnType;
        if (result == typeof(void))
        {
            return Expression.Block(call, Expression.Constant(Task.FromResult<object?>(null)));
        }

        if (result == typeof(Task) || result == typeof(ValueTask))
        {
            return Expression.Call(Helper(nameof(AwaitAsync), null, result), call);
        }

        if (
            result.IsGenericType
            && (result.GetGenericTypeDefinition() == typeof(Task<>) || result.GetGenericTypeDefinition() == typeof(ValueTask<>))
        )
        {
            var generic = result.GetGenericTypeDefinition();
            var name = generic == typeof(Task<>) ? nameof(AwaitResultAsync) : nameof(AwaitValueResultAsync);
            return Expression.Call(Helper(name, result.GetGenericArguments()[0], null), call);
        }

        return Expression.Call(Helper(nameof(Return), null, null), Expression.Convert(call, typeof(object)));
    }

    private static MethodInfo Helper(string name, Type? result, Type? parameter)
    {
        const BindingFlags Flags = BindingFlags.NonPublic | BindingFlags.Static;
        var helper = parameter is null
            ? typeof(FunctionInvoker).GetMethod(name, Flags)!
            : typeof(FunctionInvoker).GetMethod(name, Flags, [parameter])!;
        return result is null ? helper : helper.MakeGenericMethod(result);
    }

    private static Task<object?> Return(object? result) => Task.FromResult(result);

    private static async Task<object?> AwaitAsync(Task task)
    {
        await task;
        return null;
    }

    private static async Task<object?> AwaitAsync(ValueTask task)
    {
        await task;
        return null;
    }

    private static async Task<object?> AwaitResultAsync<T>(Task<T> task) => await task;

    private static async Task<object?> AwaitValueResultAsync<T>(ValueTask<T> task) => await task;
}
