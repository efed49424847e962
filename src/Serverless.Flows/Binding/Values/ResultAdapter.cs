using System.Reflection;
using Serverless.Flows.Hosting;

namespace Serverless.Flows.Binding;

/// <summary>Waits for what a method returned, and says what it means.</summary>
internal abstract class ResultAdapter
{
    /// <summary>What the code came to.</summary>
    /// <param name="returned">What the method returned.</param>
    /// <param name="keep">Takes the value to a result storage; null for a value that is a result as usual.</param>
    internal abstract Task<Returned> ReadAsync(object? returned, Func<object?, Type, Task<StoredResult>>? keep = null);

    /// <summary>What waits for a method, by its declared type.</summary>
    /// <param name="method">The method.</param>
    /// <param name="target">The flow or task in words, for exceptions.</param>
    internal static ResultAdapter For(MethodInfo method, string target)
    {
        var type = method.ReturnType;
        return type == typeof(void) ? new NothingAdapter()
            : type == typeof(Task) ? new TaskAdapter()
            : ValueTypeOf(method) is { } inner && inner != type ? Create(typeof(TaskValueAdapter<>), inner, target)
            : ForValue(type, target);
    }

    /// <summary>What takes a value that was computed already.</summary>
    /// <param name="type">The value's declared type.</param>
    /// <param name="target">The flow or task in words, for exceptions.</param>
    internal static ResultAdapter ForValue(Type type, string target) => Create(typeof(ValueAdapter<>), type, target);

    /// <summary>The type of the value that a method computes; null if it computes none.</summary>
    internal static Type? ValueTypeOf(MethodInfo method)
    {
        var type = method.ReturnType;
        return type == typeof(void) || type == typeof(Task) ? null
            : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>) ? type.GetGenericArguments()[0]
            : type;
    }

    private static ResultAdapter Create(Type adapter, Type value, string target) =>
        (ResultAdapter)Activator.CreateInstance(adapter.MakeGenericType(value), target)!;
}
