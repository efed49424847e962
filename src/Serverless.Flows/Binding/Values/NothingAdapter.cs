using Serverless.Flows.Hosting;

namespace Serverless.Flows.Binding;

/// <summary>For methods that return void.</summary>
internal sealed class NothingAdapter : ResultAdapter
{
    internal override Task<Returned> ReadAsync(object? returned, Func<object?, Type, Task<StoredResult>>? keep = null) =>
        Task.FromResult(ReturnedValues.Nothing);
}
