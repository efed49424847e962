using System.Text.Json.Serialization.Metadata;
using Serverless.Flows.Hosting;

namespace Serverless.Flows.Binding;

/// <summary>For methods that return a value at once.</summary>
/// <param name="target">The flow or task in words, for exceptions.</param>
internal sealed class ValueAdapter<T>(string target) : ResultAdapter
{
    private readonly JsonTypeInfo<T> _type = (JsonTypeInfo<T>)FlowJson.Options.GetTypeInfo(typeof(T));

    internal override Task<Returned> ReadAsync(object? returned, Func<object?, Type, Task<StoredResult>>? keep = null) =>
        ReturnedValues.OfAsync((T)returned!, _type, target, keep);
}
