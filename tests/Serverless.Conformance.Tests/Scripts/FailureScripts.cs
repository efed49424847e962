using System.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Serverless.Conformance.Tests.Scripts;

public static class FailureScripts
{
    /// <summary>What a failed activity tells.</summary>
    [Function(nameof(CatchActivity))]
    public static async Task<string> CatchActivity([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            return await context.CallActivityAsync<string>(nameof(Activities.Fail), "bad");
        }
        catch (TaskFailedException failed)
        {
            return Describe(failed);
        }
    }

    /// <summary>What a failed sub-orchestration tells.</summary>
    [Function(nameof(CatchChild))]
    public static async Task<string> CatchChild([OrchestrationTrigger] TaskOrchestrationContext context, string child)
    {
        try
        {
            return await context.CallSubOrchestratorAsync<string>(child, child);
        }
        catch (TaskFailedException failed)
        {
            return Describe(failed);
        }
    }

    /// <summary>The causes for which a failure stands.</summary>
    [Function(nameof(Causes))]
    public static async Task<string> Causes([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            return await context.CallActivityAsync<string>(nameof(Activities.Fail), "bad");
        }
        catch (TaskFailedException failed)
        {
            var details = failed.FailureDetails;
            return $"{details.IsCausedBy<InvalidDataException>()},{details.IsCausedBy<SystemException>()},"
                + $"{details.IsCausedBy<IOException>()},"
                + $"{details.InnerFailure!.IsCausedBy<IOException>()},{details.InnerFailure.InnerFailure!.IsCausedBy<TimeoutException>()}";
        }
    }

    [Function(nameof(LetActivityFail))]
    public static async Task<string> LetActivityFail([OrchestrationTrigger] TaskOrchestrationContext context) =>
        await context.CallActivityAsync<string>(nameof(Activities.Fail), "bad");

    [Function(nameof(LetChildFail))]
    public static async Task<string> LetChildFail([OrchestrationTrigger] TaskOrchestrationContext context) =>
        await context.CallSubOrchestratorAsync<string>(nameof(LetActivityFail));

    [Function(nameof(Throw))]
    public static async Task<string> Throw([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await context.CallActivityAsync(nameof(Activities.Nothing));
        throw new ScriptException("on purpose", new FormatException("why"));
    }

    [Function(nameof(ThrowAtOnce))]
    public static Task<string> ThrowAtOnce([OrchestrationTrigger] TaskOrchestrationContext context) => throw new ScriptException("at once");

    /// <summary>Of several failures the first is the orchestrator's.</summary>
    [Function(nameof(LetAllFail))]
    public static async Task<string> LetAllFail([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await Task.WhenAll(
            context.CallActivityAsync<string>(nameof(Activities.Fail), "first"),
            context.CallActivityAsync<string>(nameof(Activities.Fail), "second")
        );
        return "none failed";
    }

    /// <summary>Calls what there is not.</summary>
    [Function(nameof(UnknownChild))]
    public static Task<string> UnknownChild([OrchestrationTrigger] TaskOrchestrationContext context) => CatchChild(context, "Nobody");

    /// <summary>The exception as an orchestrator sees it, with its details; of stacks only whether they are there.</summary>
    internal static string Describe(TaskFailedException failed)
    {
        StringBuilder text = new();
        text.Append(failed.TaskName).Append('#').Append(failed.TaskId).Append('|').Append(failed.Message);
        return text.Append('|').Append(Describe(failed.FailureDetails)).ToString();
    }

    internal static string Describe(TaskFailureDetails? details)
    {
        StringBuilder text = new();
        for (var failure = details; failure is not null; failure = failure.InnerFailure)
        {
            text.Append(text.Length == 0 ? string.Empty : " < ")
                .Append(failure.ErrorType)
                .Append(": ")
                .Append(failure.ErrorMessage)
                .Append(failure.StackTrace?.Contains("at ", StringComparison.Ordinal) is true ? " (stack)" : string.Empty);
        }

        return text.ToString();
    }
}
