using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Serverless.Conformance.Tests.Scripts;

public static class SuspendScripts
{
    /// <summary>Tells by its status that a timer has fired.</summary>
    [Function(nameof(Sleep))]
    public static async Task<string> Sleep([OrchestrationTrigger] TaskOrchestrationContext context, int milliseconds)
    {
        context.SetCustomStatus("asleep");
        await context.CreateTimer(TimeSpan.FromMilliseconds(milliseconds), CancellationToken.None);
        return "awake";
    }

    /// <summary>Three events one after the other.</summary>
    [Function(nameof(ThreeEvents))]
    public static async Task<string> ThreeEvents([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        context.SetCustomStatus("waiting");
        var taken = string.Empty;
        for (var i = 0; i < 3; i++)
        {
            taken += await context.WaitForExternalEvent<string>("go");
        }

        return taken;
    }

    [Function(nameof(HeldActivity))]
    public static Task<string> HeldActivity([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallActivityAsync<string>(nameof(Activities.Hold), context.InstanceId);
}
