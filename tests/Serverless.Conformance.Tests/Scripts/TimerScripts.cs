using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Serverless.Conformance.Tests.Scripts;

public static class TimerScripts
{
    /// <summary>By how many milliseconds the orchestrator's clock is past the time that it waited for, at each of some timers.</summary>
    [Function(nameof(Late))]
    public static async Task<double[]> Late([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        List<double> late = [];
        foreach (var milliseconds in (double[])[1.3, 10.7, 25.01, 40])
        {
            var due = context.CurrentUtcDateTime + TimeSpan.FromMilliseconds(milliseconds);
            await context.CreateTimer(due, CancellationToken.None);
            late.Add((context.CurrentUtcDateTime - due).TotalMilliseconds);
        }

        return [.. late];
    }

    [Function(nameof(InTheirOrder))]
    public static async Task<string> InTheirOrder([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        List<int> order = [];
        await Task.WhenAll(
            ((int[])[250, 50, 150]).Select(async milliseconds =>
            {
                await context.CreateTimer(TimeSpan.FromMilliseconds(milliseconds), CancellationToken.None);
                order.Add(milliseconds);
            })
        );
        return string.Join(",", order);
    }

    [Function(nameof(InThePast))]
    public static async Task<string> InThePast([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await context.CreateTimer(context.CurrentUtcDateTime - TimeSpan.FromDays(1), CancellationToken.None);
        await context.CreateTimer(TimeSpan.Zero, CancellationToken.None);
        return "fired";
    }

    /// <summary>A cancelled timer, beside which an activity ran.</summary>
    [Function(nameof(Cancelled))]
    public static async Task<string> Cancelled([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        using CancellationTokenSource cancellation = new();
        var timer = context.CreateTimer(TimeSpan.FromHours(1), cancellation.Token);
        var work = context.CallActivityAsync<string>(nameof(Activities.Echo), "x");
        var first = await Task.WhenAny(timer, work);
        cancellation.Cancel();
        try
        {
            await timer;
            return "fired";
        }
        catch (OperationCanceledException exception)
        {
            return $"{first == work},{timer.IsCanceled},{exception.GetType().Name}";
        }
    }

    [Function(nameof(CancelledBefore))]
    public static async Task<string> CancelledBefore([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        using CancellationTokenSource cancellation = new();
        cancellation.Cancel();
        try
        {
            await context.CreateTimer(TimeSpan.FromHours(1), cancellation.Token);
            return "fired";
        }
        catch (OperationCanceledException exception)
        {
            return exception.GetType().Name;
        }
    }

    /// <summary>Cancelling a timer that has fired does nothing.</summary>
    [Function(nameof(CancelledAfter))]
    public static async Task<string> CancelledAfter([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        using CancellationTokenSource cancellation = new();
        var timer = context.CreateTimer(TimeSpan.FromMilliseconds(10), cancellation.Token);
        await timer;
        cancellation.Cancel();
        return $"{timer.Status}";
    }
}
