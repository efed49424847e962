using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Conformance.Tests.Fixtures;

namespace Serverless.Conformance.Tests.Scripts;

public static class EventScripts
{
    /// <summary>Waits for events that came before.</summary>
    [Function(nameof(Early))]
    public static async Task<string> Early([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await context.CallActivityAsync<string>(nameof(Activities.Hold), context.InstanceId);
        var a = await context.WaitForExternalEvent<int>("A");
        var b = await context.WaitForExternalEvent<int>("b");
        var again = await context.WaitForExternalEvent<int>("a");
        return $"{a},{b},{again}";
    }

    /// <summary>Two waits for one name.</summary>
    [Function(nameof(TwoWaits))]
    public static async Task<string> TwoWaits([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var first = context.WaitForExternalEvent<string>("go");
        var second = context.WaitForExternalEvent<string>("go");
        context.SetCustomStatus("waiting");
        await Task.WhenAny(first, second);
        context.SetCustomStatus(first.IsCompleted ? "first" : "second");
        return $"{await first},{await second}";
    }

    /// <summary>A wait that was cancelled does not take an event from the one before it.</summary>
    [Function(nameof(CancelledWait))]
    public static async Task<string> CancelledWait([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        using CancellationTokenSource cancellation = new();
        var open = context.WaitForExternalEvent<string>("go");
        var cancelled = context.WaitForExternalEvent<string>("go", cancellation.Token);
        cancellation.Cancel();
        context.SetCustomStatus("waiting");
        return $"{await open},{cancelled.IsCanceled}";
    }

    /// <summary>An event for nothing but a cancelled wait stays for the next one.</summary>
    [Function(nameof(OnlyCancelledWait))]
    public static async Task<string> OnlyCancelledWait([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        using CancellationTokenSource cancellation = new();
        _ = context.WaitForExternalEvent<string>("go", cancellation.Token);
        cancellation.Cancel();
        await context.CallActivityAsync<string>(nameof(Activities.Hold), context.InstanceId);
        return await context.WaitForExternalEvent<string>("go");
    }

    /// <summary>A wait with a time limit, and one after it.</summary>
    [Function(nameof(TimedOut))]
    public static async Task<string> TimedOut([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        string first;
        try
        {
            first = await context.WaitForExternalEvent<string>("go", TimeSpan.FromMilliseconds(50));
        }
        catch (OperationCanceledException exception)
        {
            first = exception.GetType().Name;
        }

        context.SetCustomStatus("waiting");
        return $"{first},{await context.WaitForExternalEvent<string>("go", TimeSpan.FromMinutes(1))}";
    }

    /// <summary>A wait whose token was cancelled before, with and without an event.</summary>
    [Function(nameof(WaitCancelledBefore))]
    public static async Task<string> WaitCancelledBefore([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await context.CallActivityAsync<string>(nameof(Activities.Hold), context.InstanceId);
        using CancellationTokenSource cancellation = new();
        cancellation.Cancel();
        var there = context.WaitForExternalEvent<string>("there", cancellation.Token);
        var missing = context.WaitForExternalEvent<string>("missing", cancellation.Token);
        return $"{there.Status},{missing.Status}";
    }

    /// <summary>Waits for one name as two types.</summary>
    [Function(nameof(TwoTypes))]
    public static async Task<string> TwoTypes([OrchestrationTrigger] TaskOrchestrationContext context, bool cancelFirst)
    {
        using CancellationTokenSource cancellation = new();
        _ = context.WaitForExternalEvent<int>("go", cancellation.Token);
        if (cancelFirst)
        {
            cancellation.Cancel();
        }

        try
        {
            _ = context.WaitForExternalEvent<string>("go");
            return "both wait";
        }
        catch (ArgumentException)
        {
            return "refused";
        }
    }

    /// <summary>An event that is not of the type that is waited for.</summary>
    [Function(nameof(OtherPayload))]
    public static async Task<string> OtherPayload([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            context.SetCustomStatus("waiting");
            return $"{await context.WaitForExternalEvent<int>("go")}";
        }
        catch (Exception exception)
        {
            return $"caught {exception.GetType().Name}";
        }
    }

    [Function(nameof(NoPayload))]
    public static async Task<string> NoPayload([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        context.SetCustomStatus("waiting");
        return await context.WaitForExternalEvent<string?>("go") ?? "nothing";
    }

    [Function(nameof(NoNumber))]
    public static async Task<string> NoNumber([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        context.SetCustomStatus("waiting");
        return $"{await context.WaitForExternalEvent<int>("go")}";
    }

    /// <summary>Takes twenty events one after the other.</summary>
    [Function(nameof(Many))]
    public static async Task<string> Many([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        List<int> taken = [];
        for (var i = 0; i < 20; i++)
        {
            taken.Add(await context.WaitForExternalEvent<int>("n"));
        }

        return string.Join(",", taken);
    }

    /// <summary>Sends events to the instance of its input and to itself.</summary>
    [Function(nameof(Sender))]
    public static async Task<string> Sender([OrchestrationTrigger] TaskOrchestrationContext context, string receiver)
    {
        context.SendEvent(receiver, "go", "a");
        context.SendEvent(receiver, "go", "b");
        context.SendEvent(context.InstanceId, "own", "c");
        return await context.WaitForExternalEvent<string>("own");
    }

    [Function(nameof(Receiver))]
    public static async Task<string> Receiver([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        context.SetCustomStatus("waiting");
        return await context.WaitForExternalEvent<string>("go") + await context.WaitForExternalEvent<string>("GO");
    }
}
