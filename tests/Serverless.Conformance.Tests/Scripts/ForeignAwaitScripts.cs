using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Serverless.Conformance.Tests.Scripts;

/// <summary>Orchestrators that await what is not durable.</summary>
public static class ForeignAwaitScripts
{
    [Function(nameof(AwaitDelay))]
    public static async Task<string> AwaitDelay([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await Task.Delay(10);
        return await context.CallActivityAsync<string>(nameof(Activities.Echo), "x");
    }

    [Function(nameof(AwaitTaskRun))]
    public static async Task<string> AwaitTaskRun([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await Task.Run(() => Thread.Sleep(10));
        return await context.CallActivityAsync<string>(nameof(Activities.Echo), "x");
    }

    /// <summary>The timer is cancelled on another thread.</summary>
    [Function(nameof(AwaitCancelAsync))]
    public static async Task<string> AwaitCancelAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        using CancellationTokenSource cancellation = new();
        var timer = context.CreateTimer(TimeSpan.FromHours(1), cancellation.Token);
        await cancellation.CancelAsync();
        return $"{timer.Status}";
    }

    /// <summary>Beside something durable, so that there is something to wait for.</summary>
    [Function(nameof(AwaitDelayBesideAWait))]
    public static async Task<string> AwaitDelayBesideAWait([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var go = context.WaitForExternalEvent<string>("go");
        context.SetCustomStatus("waiting");
        await Task.Delay(10);
        return await go;
    }

    [Function(nameof(AwaitWithoutContext))]
    public static async Task<string> AwaitWithoutContext([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var first = await context.CallActivityAsync<string>(nameof(Activities.Echo), "x").ConfigureAwait(false);
        return first + await context.CallActivityAsync<string>(nameof(Activities.Echo), "y");
    }

    /// <summary>A yield stays on the orchestrator's thread.</summary>
    [Function(nameof(AwaitYield))]
    public static async Task<string> AwaitYield([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await Task.Yield();
        var x = await context.CallActivityAsync<string>(nameof(Activities.Echo), "x");
        await Task.Yield();
        return x!;
    }

    /// <summary>What is completed already does not wait.</summary>
    [Function(nameof(AwaitCompleted))]
    public static async Task<string> AwaitCompleted([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await Task.CompletedTask;
        var x = await Task.FromResult("x").ConfigureAwait(false);
        await Task.WhenAll();
        return x + await context.CallActivityAsync<string>(nameof(Activities.Echo), "y");
    }
}
