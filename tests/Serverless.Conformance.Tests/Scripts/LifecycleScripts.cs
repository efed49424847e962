using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Conformance.Tests.Fixtures;

namespace Serverless.Conformance.Tests.Scripts;

public static class LifecycleScripts
{
    /// <summary>Answers its input.</summary>
    [Function(nameof(Answer))]
    public static Task<string?> Answer([OrchestrationTrigger] TaskOrchestrationContext context, string? input) => Task.FromResult(input);

    /// <summary>Answers its input and its version.</summary>
    [Function(nameof(AnswerVersion))]
    public static Task<string> AnswerVersion([OrchestrationTrigger] TaskOrchestrationContext context, string? input) =>
        Task.FromResult($"{input},{context.Version}");

    /// <summary>The version of a child without one of its own, and of one that has.</summary>
    [Function(nameof(ChildrenVersions))]
    public static async Task<string> ChildrenVersions([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var without = await context.CallSubOrchestratorAsync<string>(nameof(AnswerVersion), "without");
        var with = await context.CallSubOrchestratorAsync<string>(
            nameof(AnswerVersion),
            "with",
            new SubOrchestrationOptions { Version = "3.0" }
        );
        return $"{context.Version} {without} {with}";
    }

    /// <summary>Waits for the event "go"; counts its starts.</summary>
    [Function(nameof(CountAndWait))]
    public static async Task<string> CountAndWait([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var starts = await context.CallActivityAsync<int>(nameof(Activities.FailUntil), new FailUntilInput(context.InstanceId, 0));
        context.SetCustomStatus($"start {starts}");
        return $"start {starts}: {await context.WaitForExternalEvent<string>("go")}";
    }

    /// <summary>An instance that is dead as soon as it has begun.</summary>
    [Function(nameof(Failing))]
    public static Task<string> Failing([OrchestrationTrigger] TaskOrchestrationContext context) => throw new ScriptException("failing");

    /// <summary>Activities one after the other, of which the first is held.</summary>
    [Function(nameof(HoldThenCount))]
    public static async Task<int> HoldThenCount([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await context.CallActivityAsync<string>(nameof(Activities.Hold), context.InstanceId);
        return await context.CallActivityAsync<int>(nameof(Activities.FailUntil), new FailUntilInput(context.InstanceId, 0));
    }
}
