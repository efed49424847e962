using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Serverless.Conformance.Tests.Scripts;

public static class SubOrchestrationScripts
{
    [Function(nameof(Parent))]
    public static async Task<string> Parent([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var child = await context.CallSubOrchestratorAsync<string>(nameof(Child), "x");
        return $"{child}, own parent: {context.Parent?.Name.Name ?? "none"}";
    }

    [Function(nameof(Child))]
    public static Task<string> Child([OrchestrationTrigger] TaskOrchestrationContext context, string input) =>
        Task.FromResult($"{input} of {context.Parent!.Name.Name} {context.Parent.InstanceId}");

    [Function(nameof(Grandparent))]
    public static Task<string> Grandparent([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallSubOrchestratorAsync<string>(nameof(Parent));

    /// <summary>The ids of children that have none of their own.</summary>
    [Function(nameof(ChildrenIds))]
    public static Task<string[]> ChildrenIds([OrchestrationTrigger] TaskOrchestrationContext context) =>
        Task.WhenAll(
            context.CallSubOrchestratorAsync<string>(nameof(OwnId)),
            context.CallSubOrchestratorAsync<string>(nameof(OwnId)),
            context.CallSubOrchestratorAsync<string>(nameof(OwnId))
        );

    [Function(nameof(OwnId))]
    public static Task<string> OwnId([OrchestrationTrigger] TaskOrchestrationContext context) => Task.FromResult(context.InstanceId);

    /// <summary>Starts a child under the id of its input, which waits.</summary>
    [Function(nameof(ParentOf))]
    public static async Task<string> ParentOf([OrchestrationTrigger] TaskOrchestrationContext context, string id)
    {
        try
        {
            return await context.CallSubOrchestratorAsync<string>(nameof(Wait), null, new SubOrchestrationOptions(instanceId: id));
        }
        catch (TaskFailedException failed)
        {
            return FailureScripts.Describe(failed);
        }
    }

    /// <summary>Waits for the event "go" and answers it.</summary>
    [Function(nameof(Wait))]
    public static async Task<string> Wait([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        context.SetCustomStatus("waiting");
        return await context.WaitForExternalEvent<string>("go");
    }

    /// <summary>Lets the failure of its child be its own.</summary>
    [Function(nameof(ParentLettingFail))]
    public static Task<string> ParentLettingFail([OrchestrationTrigger] TaskOrchestrationContext context, string id) =>
        context.CallSubOrchestratorAsync<string>(nameof(Wait), null, new SubOrchestrationOptions(instanceId: id));

    /// <summary>A child that starts over twice before it answers.</summary>
    [Function(nameof(ParentOfLoop))]
    public static Task<string> ParentOfLoop([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallSubOrchestratorAsync<string>(nameof(LoopingChild), 0);

    [Function(nameof(LoopingChild))]
    public static Task<string?> LoopingChild([OrchestrationTrigger] TaskOrchestrationContext context, int round)
    {
        if (round < 2)
        {
            context.ContinueAsNew(round + 1);
            return Task.FromResult<string?>(null);
        }

        return Task.FromResult<string?>($"round {round} of {context.Parent!.Name.Name}");
    }
}
