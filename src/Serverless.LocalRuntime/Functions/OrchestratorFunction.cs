using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Serverless.LocalRuntime.Functions;

/// <summary>An orchestrator with all that its call needs. An instance can outlive its function in the app.</summary>
internal sealed class OrchestratorFunction(
    string name,
    string version,
    LocalFunction? function,
    IServiceProvider services,
    DurableTaskClient client
)
{
    public Task<object?> RunAsync(TaskOrchestrationContext context) =>
        function is null
            ? Task.FromException<object?>(new FunctionNotFoundException(FunctionKind.Orchestrator, name, version))
            : function.InvokeAsync(context, services, client, context.InstanceId, CancellationToken.None);
}
