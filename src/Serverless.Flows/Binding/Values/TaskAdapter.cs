using Serverless.Flows.Hosting;

namespace Serverless.Flows.Binding;

/// <summary>For methods that return a <see cref="Task"/>.</summary>
internal sealed class TaskAdapter : ResultAdapter
{
    internal override async Task<Returned> ReadAsync(object? returned, Func<object?, Type, Task<StoredResult>>? keep = null)
    {
        await ((Task?)returned ?? throw new InvalidOperationException("The method returned null instead of a Task."));
        return ReturnedValues.Nothing;
    }
}
