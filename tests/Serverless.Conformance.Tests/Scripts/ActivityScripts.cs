using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Serverless.Conformance.Tests.Scripts;

public static class ActivityScripts
{
    [Function(nameof(Sequence))]
    public static async Task<string> Sequence([OrchestrationTrigger] TaskOrchestrationContext context, string input)
    {
        var first = await context.CallActivityAsync<string>(nameof(Activities.Echo), input + "1");
        var second = await context.CallActivityAsync<string>(nameof(Activities.Echo), first + "2");
        return second + "3";
    }

    [Function(nameof(FanOut))]
    public static async Task<string> FanOut([OrchestrationTrigger] TaskOrchestrationContext context) =>
        string.Concat(
            await Task.WhenAll(Enumerable.Range(0, 5).Select(i => context.CallActivityAsync<string>(nameof(Activities.Echo), $"{i}")))
        );

    /// <summary>Names compare without case.</summary>
    [Function(nameof(OtherCase))]
    public static async Task<string> OtherCase([OrchestrationTrigger] TaskOrchestrationContext context) =>
        await context.CallActivityAsync<string>("eCHO", "x");

    /// <summary>Nothing in and out, and nothing where a value type is expected.</summary>
    [Function(nameof(Nulls))]
    public static async Task<string> Nulls([OrchestrationTrigger] TaskOrchestrationContext context, string? input)
    {
        await context.CallActivityAsync(nameof(Activities.Nothing));
        var text = await context.CallActivityAsync<string?>(nameof(Activities.Echo));
        var number = await context.CallActivityAsync<int>(nameof(Activities.Echo));
        return $"{input ?? "none"},{text ?? "none"},{number}";
    }

    /// <summary>The kind of exception with which an orchestrator learns that a result is not of the type it expects.</summary>
    [Function(nameof(OtherType))]
    public static async Task<string> OtherType([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            return $"{await context.CallActivityAsync<int>(nameof(Activities.Echo), "text")}";
        }
        catch (JsonException exception)
        {
            return exception.GetType().Name;
        }
    }

    /// <summary>Options in the place of the input.</summary>
    [Function(nameof(OptionsAsInput))]
    public static async Task<string> OptionsAsInput([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            object options = new TaskOptions();
            return await context.CallActivityAsync<string>(nameof(Activities.Echo), options);
        }
        catch (ArgumentException)
        {
            return "refused";
        }
    }

    /// <summary>An activity that there is not.</summary>
    [Function(nameof(UnknownActivity))]
    public static async Task<string> UnknownActivity([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            return await context.CallActivityAsync<string>("Nobody", "x", new TaskOptions(new RetryPolicy(3, TimeSpan.FromMinutes(10))));
        }
        catch (TaskFailedException failed)
        {
            return $"{failed.FailureDetails.ErrorType}: {failed.FailureDetails.ErrorMessage}";
        }
    }
}
