using System.Reflection;

namespace Serverless.Conformance.Tests.Fixtures;

/// <summary>Calls a script: a static method that returns a task.</summary>
internal sealed class ScriptMethod(MethodInfo method)
{
    private readonly ParameterInfo[] _parameters = method.GetParameters();

    /// <summary>The type of the parameter at a position; an object when there is none.</summary>
    public Type TypeOf(int position) => position < _parameters.Length ? _parameters[position].ParameterType : typeof(object);

    /// <summary>Calls the method with as many of the arguments as it takes.</summary>
    public async Task<object?> InvokeAsync(params object?[] arguments)
    {
        var task = (Task)method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments[.._parameters.Length], null)!;
        await task;
        return task.GetType().GetProperty(nameof(Task<object>.Result)) is { } result && result.PropertyType.Name != "VoidTaskResult"
            ? result.GetValue(task)
            : null;
    }
}
