using Microsoft.DurableTask;

namespace Serverless.Conformance.Tests.Fixtures;

/// <summary>A script as DurableTask calls an activity.</summary>
internal sealed class ScriptActivity(ScriptMethod script) : ITaskActivity
{
    public Type InputType => script.TypeOf(0);

    public Type OutputType => typeof(object);

    public Task<object?> RunAsync(TaskActivityContext context, object? input) => script.InvokeAsync(input);
}
