using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Serverless.Conformance.Tests.Scripts;

public static class StatusScripts
{
    [Function(nameof(Steps))]
    public static async Task<string> Steps([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        context.SetCustomStatus(new { Step = 1, Name = "ä" });
        await context.WaitForExternalEvent<string>("go");
        context.SetCustomStatus("second");
        context.SetCustomStatus("third");
        await context.WaitForExternalEvent<string>("go");
        context.SetCustomStatus(null);
        await context.WaitForExternalEvent<string>("go");
        context.SetCustomStatus(4);
        return "done";
    }

    /// <summary>A status beyond what the documentation allows.</summary>
    [Function(nameof(LargeStatus))]
    public static Task<string> LargeStatus([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            context.SetCustomStatus(new string('x', 20_000));
            return Task.FromResult("taken");
        }
        catch (ArgumentException)
        {
            return Task.FromResult("refused");
        }
    }

    /// <summary>A status, and a failure in the same turn.</summary>
    [Function(nameof(StatusAndFailure))]
    public static Task<string> StatusAndFailure([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        context.SetCustomStatus("failing");
        throw new ScriptException("failed");
    }
}
