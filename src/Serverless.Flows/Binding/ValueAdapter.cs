using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Serverless.Flows.Binding;

/// <summary>For methods that return a value at once.</summary>
internal sealed class ValueAdapter<T> : ResultAdapter
{
    private readonly JsonTypeInfo<T> _type = (JsonTypeInfo<T>)FlowJson.Options.GetTypeInfo(typeof(T));

    internal override Task<string?> ToJsonAsync(object? returned) =>
        Task.FromResult<string?>(JsonSerializer.Serialize((T)returned!, _type));
}
