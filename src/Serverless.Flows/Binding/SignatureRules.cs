using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Serverless.Flows.Binding;

/// <summary>What a method must look like to be a flow or a task.</summary>
internal static class SignatureRules
{
    /// <summary>Why a method cannot be run; nothing if it can.</summary>
    internal static IEnumerable<string> Problems(MethodInfo method, bool isFlow)
    {
        if (Problem(method) is { } problem)
        {
            return [problem];
        }

        IEnumerable<string?> all =
        [
            ReturnProblem(method),
            .. method.GetParameters().Select(parameter => ParameterProblem(parameter, isFlow)),
        ];
        return all.OfType<string>();
    }

    private static string? Problem(MethodInfo method)
    {
        if (method.DeclaringType is not { } type)
        {
            return "a method needs a declaring type";
        }

        if (method.ContainsGenericParameters || type.ContainsGenericParameters)
        {
            return "the method and its type must not have open type parameters";
        }

        return method.IsAbstract || (!method.IsStatic && (type.IsAbstract || type.IsValueType))
            ? "an instance method must be on a class that can be created; make the class concrete or the method static"
            : null;
    }

    private static string? ReturnProblem(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute), inherit: false))
        {
            return "it is async void, so nobody can wait for it; return Task";
        }

        if (type == typeof(ValueTask) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>)))
        {
            return "it returns a ValueTask; return Task";
        }

        // An object is whatever it turns out to be: a value or a state. That is looked at when it is there.
        return ResultAdapter.ValueTypeOf(method) is { } value && value != typeof(object) && SerializableTypes.Problem(value) is { } problem
            ? $"its result cannot be written as JSON and read back: {problem}"
            : null;
    }

    private static string? ParameterProblem(ParameterInfo parameter, bool isFlow)
    {
        if (parameter.ParameterType.IsByRef)
        {
            return $"parameter '{parameter.Name}' is ref, in or out; pass a value";
        }

        return new CallableParameter(parameter).Kind switch
        {
            ParameterKind.TaskContext when isFlow => $"parameter '{parameter.Name}' is a TaskContext; a flow takes a FlowContext",
            ParameterKind.FlowContext when !isFlow =>
                $"parameter '{parameter.Name}' is a FlowContext; tasks cannot call tasks, they take a TaskContext",
            ParameterKind.Value when SerializableTypes.Problem(parameter.ParameterType) is { } problem =>
                $"parameter '{parameter.Name}' cannot be written as JSON and read back: {problem}",
            ParameterKind.Value => parameter
                .GetCustomAttributes<ValidationAttribute>()
                .Select(rule => RuleProblem(parameter, rule))
                .FirstOrDefault(problem => problem is not null),
            _ => null,
        };
    }

    /// <summary>What is wrong with a rule of .NET's own whatever the value is: those look at their settings first.</summary>
    private static string? RuleProblem(ParameterInfo parameter, ValidationAttribute rule)
    {
        if (rule.GetType().Assembly != typeof(RangeAttribute).Assembly || rule is CompareAttribute)
        {
            return null;
        }

        try
        {
            rule.IsValid(null);
            return null;
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or FormatException)
        {
            var name = rule.GetType().Name.Replace(nameof(Attribute), "", StringComparison.Ordinal);
            return $"parameter '{parameter.Name}' has [{name}], by which no value can be checked: {error.Message.TrimEnd('.')}";
        }
    }
}
