using System.Text.Json.Serialization.Metadata;
using Serverless.Flows.Hosting;

namespace Serverless.Flows.Binding;

/// <summary>For methods that return a value at once.</summary>
internal sealed class ValueAdapter<T> : ResultAdapter
{
    private readonly JsonTypeInfo<T> _type = (JsonTypeInfo<T>)FlowJson.Options.GetTypeInfo(typeof(T));

    internal override Task<Returned> ReadAsync(object? returned) => Task.FromResult(ReturnedValues.Of((T)returned!, _type));
}
