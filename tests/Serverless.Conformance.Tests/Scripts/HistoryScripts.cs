using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Serverless.Conformance.Tests.Scripts;

public static class HistoryScripts
{
    /// <summary>One step of each kind, one after the other.</summary>
    [Function(nameof(StepOfEachKind))]
    public static async Task<int> StepOfEachKind([OrchestrationTrigger] TaskOrchestrationContext context, string input)
    {
        var first = await context.CallActivityAsync<string>(nameof(Activities.Echo), input);
        var second = await context.CallActivityAsync<string>(nameof(Activities.Echo), first);
        await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
        try
        {
            await context.CallActivityAsync<string>(nameof(Activities.Fail), "bad");
        }
        catch (TaskFailedException)
        {
            await context.CallSubOrchestratorAsync<string>(nameof(SubOrchestrationScripts.OwnId));
        }

        await context.WaitForExternalEvent<string>("go");
        await context.CallActivityAsync<string>(nameof(Activities.Echo), "last");
        return second.Length;
    }
}
