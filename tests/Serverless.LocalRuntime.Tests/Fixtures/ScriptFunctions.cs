using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Serverless.LocalRuntime.Tests.Fixtures;

/// <summary>One orchestrator and one activity for all tests; the instance's version names the script.</summary>
internal sealed class ScriptFunctions(Scripts scripts)
{
    [Function("Script")]
    public Task<object?> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context) => scripts.RunAsync(context);

    [Function("Work")]
    public Task<string?> WorkAsync([ActivityTrigger] string? input, CancellationToken cancellationToken) =>
        scripts.WorkAsync(input, cancellationToken);
}
