namespace Serverless.Flows.Binding;

/// <summary>For methods that return void.</summary>
internal sealed class NothingAdapter : ResultAdapter
{
    internal override Task<string?> ToJsonAsync(object? returned) => Task.FromResult<string?>(null);
}
