using Microsoft.DurableTask;

namespace Serverless.Conformance.Tests.Fixtures;

/// <summary>A script as DurableTask calls an orchestrator.</summary>
internal sealed class ScriptOrchestrator(ScriptMethod script) : ITaskOrchestrator
{
    public Type InputType => script.TypeOf(1);

    public Type OutputType => typeof(object);

    public Task<object?> RunAsync(TaskOrchestrationContext context, object? input) => script.InvokeAsync(context, input);
}
