using System.Text.Json.Serialization.Metadata;
using Serverless.Flows.Hosting;

namespace Serverless.Flows.Binding;

/// <summary>For methods that return a <see cref="Task{TResult}"/>.</summary>
/// <param name="target">The flow or task in words, for exceptions.</param>
internal sealed class TaskValueAdapter<T>(string target) : ResultAdapter
{
    private readonly JsonTypeInfo<T> _type = (JsonTypeInfo<T>)FlowJson.Options.GetTypeInfo(typeof(T));

    internal override async Task<Returned> ReadAsync(object? returned, Func<object?, Type, Task<StoredResult>>? keep = null)
    {
        var value = await ((Task<T>?)returned ?? throw new InvalidOperationException("The method returned null instead of a Task."));
        return await ReturnedValues.OfAsync(value, _type, target, keep);
    }
}
