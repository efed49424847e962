using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Serverless.LocalRuntime.Functions;

/// <summary>An orchestrator with all that its call needs. An instance can outlive its function in the app.</summary>
internal sealed class OrchestratorFunction(string name, LocalFunction? function, IServiceProvider services, DurableTaskClient client)
{
    public Task<object?> RunAsync(TaskOrchestrationContext context) => function is null
        ? Task.FromException<object?>(new InvalidOperationException($"There is no orchestrator '{name}'."))
        : function.InvokeAsync(context, services, client, context.InstanceId, CancellationToken.None);
}
