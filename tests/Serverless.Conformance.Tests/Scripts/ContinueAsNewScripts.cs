using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Serverless.Conformance.Tests.Scripts;

public static class ContinueAsNewScripts
{
    /// <summary>Starts over until the third round.</summary>
    [Function(nameof(Rounds))]
    public static async Task<string?> Rounds([OrchestrationTrigger] TaskOrchestrationContext context, int round)
    {
        await context.CallActivityAsync<string>(nameof(Activities.Echo), $"{round}");
        if (round < 3)
        {
            context.ContinueAsNew(round + 1);
            return "not the output";
        }

        return $"round {round} of {context.InstanceId}";
    }

    /// <summary>Events that came in the first round, in the second one.</summary>
    [Function(nameof(EventsOver))]
    public static async Task<string?> EventsOver([OrchestrationTrigger] TaskOrchestrationContext context, EventsOverInput input)
    {
        if (input.Round == 0)
        {
            await context.WaitForExternalEvent<string>("over");
            context.ContinueAsNew(input with { Round = 1 }, input.Keep);
            return null;
        }

        List<string> taken = [];
        for (var i = 0; i < 2; i++)
        {
            try
            {
                taken.Add(await context.WaitForExternalEvent<string>("go", TimeSpan.FromMilliseconds(200)));
            }
            catch (OperationCanceledException)
            {
                taken.Add("none");
            }
        }

        return string.Join(",", taken);
    }

    /// <summary>Events that come between the call of ContinueAsNew and the end of the round.</summary>
    [Function(nameof(EventsBetween))]
    public static async Task<string?> EventsBetween([OrchestrationTrigger] TaskOrchestrationContext context, EventsOverInput input)
    {
        if (input.Round == 0)
        {
            context.ContinueAsNew(input with { Round = 1 }, input.Keep);
            await context.CallActivityAsync<string>(nameof(Activities.Hold), context.InstanceId);
            return null;
        }

        try
        {
            return await context.WaitForExternalEvent<string>("go", TimeSpan.FromMilliseconds(500));
        }
        catch (OperationCanceledException)
        {
            return "none";
        }
    }

    /// <summary>A wait after the call of ContinueAsNew.</summary>
    [Function(nameof(WaitBetween))]
    public static async Task<string?> WaitBetween([OrchestrationTrigger] TaskOrchestrationContext context, int round)
    {
        if (round == 0)
        {
            context.ContinueAsNew(1);
            context.SetCustomStatus("waiting");
            await context.WaitForExternalEvent<string>("go");
            return null;
        }

        return "next round";
    }

    [Function(nameof(ThrowAfterContinueAsNew))]
    public static Task<string> ThrowAfterContinueAsNew([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        context.ContinueAsNew(1);
        throw new ScriptException("after");
    }

    [Function(nameof(ContinueAsNewTwice))]
    public static Task<string> ContinueAsNewTwice([OrchestrationTrigger] TaskOrchestrationContext context, string? input)
    {
        if (input is null)
        {
            context.ContinueAsNew("first");
            context.ContinueAsNew("second");
        }

        return Task.FromResult($"{input}");
    }

    /// <summary>Sets its status in the first round only.</summary>
    [Function(nameof(StatusOver))]
    public static async Task<string?> StatusOver([OrchestrationTrigger] TaskOrchestrationContext context, int round)
    {
        if (round == 0)
        {
            context.SetCustomStatus("first round");
            context.ContinueAsNew(1);
            return null;
        }

        return await context.WaitForExternalEvent<string>("go");
    }

    /// <summary>The versions of two rounds, the second with a new one when the input names it.</summary>
    [Function(nameof(VersionOver))]
    public static Task<string> VersionOver([OrchestrationTrigger] TaskOrchestrationContext context, VersionOverInput input)
    {
        if (input.First is null)
        {
            context.ContinueAsNew(new ContinueAsNewOptions { NewInput = input with { First = context.Version }, NewVersion = input.Next });
        }

        return Task.FromResult($"{input.First},{context.Version}");
    }

    /// <summary>An activity that is still under way as the round ends; its result is nothing to the next round.</summary>
    [Function(nameof(OpenActivityOver))]
    public static async Task<string?> OpenActivityOver([OrchestrationTrigger] TaskOrchestrationContext context, string? key)
    {
        if (key is null)
        {
            _ = context.CallActivityAsync<string>(nameof(Activities.Hold), context.InstanceId);
            context.ContinueAsNew(context.InstanceId);
            return null;
        }

        return await context.CallActivityAsync<string>(nameof(Activities.Echo), "second round");
    }
}
