using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Conformance.Tests.Fixtures;

namespace Serverless.Conformance.Tests.Scripts;

/// <summary>Orchestrators that return while something is under way.</summary>
public static class UnfinishedScripts
{
    [Function(nameof(LeaveTimer))]
    public static Task<string> LeaveTimer([OrchestrationTrigger] TaskOrchestrationContext context, int milliseconds)
    {
        _ = context.CreateTimer(TimeSpan.FromMilliseconds(milliseconds), CancellationToken.None);
        return Task.FromResult("done");
    }

    [Function(nameof(LeaveCancelledTimer))]
    public static Task<string> LeaveCancelledTimer([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        using CancellationTokenSource cancellation = new();
        _ = context.CreateTimer(TimeSpan.FromHours(1), cancellation.Token);
        cancellation.Cancel();
        return Task.FromResult("done");
    }

    [Function(nameof(LeaveActivity))]
    public static Task<string> LeaveActivity([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        _ = context.CallActivityAsync<string>(nameof(Activities.Hold), context.InstanceId);
        return Task.FromResult("done");
    }

    [Function(nameof(LeaveActivityAndFail))]
    public static Task<string> LeaveActivityAndFail([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        _ = context.CallActivityAsync<string>(nameof(Activities.Hold), context.InstanceId);
        throw new ScriptException("left");
    }

    /// <summary>The failure of what nobody awaits is nobody's.</summary>
    [Function(nameof(LeaveFailingActivity))]
    public static Task<string> LeaveFailingActivity([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        _ = context.CallActivityAsync<string>(nameof(Activities.Fail), "bad");
        return Task.FromResult("done");
    }

    [Function(nameof(LeaveChild))]
    public static Task<string> LeaveChild([OrchestrationTrigger] TaskOrchestrationContext context, string child)
    {
        _ = context.CallSubOrchestratorAsync<string>(
            nameof(SubOrchestrationScripts.Wait),
            null,
            new SubOrchestrationOptions(instanceId: child)
        );
        return Task.FromResult("done");
    }

    [Function(nameof(LeaveWait))]
    public static Task<string> LeaveWait([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        _ = context.WaitForExternalEvent<string>("go");
        return Task.FromResult("done");
    }

    /// <summary>Code that goes on beside an orchestrator that has returned.</summary>
    [Function(nameof(LeaveCode))]
    public static Task<string> LeaveCode([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        _ = GoOnAsync();
        return Task.FromResult("done");

        async Task GoOnAsync()
        {
            await context.CallActivityAsync<string>(nameof(Activities.Hold), context.InstanceId);
            await context.CallActivityAsync<int>(nameof(Activities.FailUntil), new FailUntilInput(context.InstanceId, 0));
            context.SetCustomStatus("went on");
        }
    }
}
