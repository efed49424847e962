using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Conformance.Tests.Fixtures;

namespace Serverless.Conformance.Tests.Scripts;

public static class RetryScripts
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    [Function(nameof(RetryThree))]
    public static Task<int> RetryThree([OrchestrationTrigger] TaskOrchestrationContext context, FailUntilInput input) =>
        context.CallActivityAsync<int>(nameof(Activities.FailUntil), input, new TaskOptions(new RetryPolicy(3, Interval)));

    /// <summary>Gives up at the failure of the second call.</summary>
    [Function(nameof(RetryUnlessSecond))]
    public static Task<int> RetryUnlessSecond([OrchestrationTrigger] TaskOrchestrationContext context, FailUntilInput input)
    {
        RetryPolicy policy = new(5, Interval)
        {
            HandleFailure = failure => failure.ErrorType == "System.InvalidOperationException" && failure.ErrorMessage != "call 2",
        };
        return context.CallActivityAsync<int>(nameof(Activities.FailUntil), input, new TaskOptions(policy));
    }

    [Function(nameof(RetryWithBrokenFilter))]
    public static Task<int> RetryWithBrokenFilter([OrchestrationTrigger] TaskOrchestrationContext context, FailUntilInput input)
    {
        RetryPolicy policy = new(5, Interval) { HandleFailure = _ => throw new ScriptException("filter") };
        return context.CallActivityAsync<int>(nameof(Activities.FailUntil), input, new TaskOptions(policy));
    }

    /// <summary>The milliseconds that three attempts took with delays of 50 and 100.</summary>
    [Function(nameof(RetryWithBackoff))]
    public static async Task<double> RetryWithBackoff([OrchestrationTrigger] TaskOrchestrationContext context, FailUntilInput input)
    {
        var start = context.CurrentUtcDateTime;
        RetryPolicy policy = new(3, TimeSpan.FromMilliseconds(50), backoffCoefficient: 2);
        await context.CallActivityAsync<int>(nameof(Activities.FailUntil), input, new TaskOptions(policy));
        return (context.CurrentUtcDateTime - start).TotalMilliseconds;
    }

    /// <summary>Many attempts, but only for a while.</summary>
    [Function(nameof(RetryForAWhile))]
    public static Task<int> RetryForAWhile([OrchestrationTrigger] TaskOrchestrationContext context, FailUntilInput input)
    {
        // In seconds: on a busy machine an attempt alone can take hundreds of milliseconds.
        RetryPolicy policy = new(100, TimeSpan.FromSeconds(2), retryTimeout: TimeSpan.FromSeconds(3));
        return context.CallActivityAsync<int>(nameof(Activities.FailUntil), input, new TaskOptions(policy));
    }

    /// <summary>A result that is not of the type asked for is a failure like another to a policy.</summary>
    [Function(nameof(RetryOtherType))]
    public static async Task<string> RetryOtherType([OrchestrationTrigger] TaskOrchestrationContext context, FailUntilInput input)
    {
        try
        {
            var options = new TaskOptions(new RetryPolicy(2, Interval));
            return $"{await context.CallActivityAsync<Guid>(nameof(Activities.FailUntil), input, options)}";
        }
        catch (Exception exception)
        {
            return exception.GetType().Name;
        }
    }

    /// <summary>A handler that writes down what it is told.</summary>
    [Function(nameof(RetryByHandler))]
    public static Task<int> RetryByHandler([OrchestrationTrigger] TaskOrchestrationContext context, FailUntilInput input) =>
        context.CallActivityAsync<int>(
            nameof(Activities.FailUntil),
            input,
            TaskOptions.FromRetryHandler(retry =>
            {
                if (!context.IsReplaying)
                {
                    Probe
                        .Of(input.Key)
                        .Notes.Enqueue(
                            $"{retry.LastAttemptNumber} {retry.LastFailure.ErrorType}: {retry.LastFailure.ErrorMessage} "
                                + $"{retry.TotalRetryTime >= TimeSpan.Zero} {retry.OrchestrationContext.InstanceId == context.InstanceId}"
                        );
                }

                return retry.LastAttemptNumber < 3;
            })
        );

    /// <summary>A handler that waits before it decides.</summary>
    [Function(nameof(RetryByWaitingHandler))]
    public static async Task<double> RetryByWaitingHandler([OrchestrationTrigger] TaskOrchestrationContext context, FailUntilInput input)
    {
        var start = context.CurrentUtcDateTime;
        await context.CallActivityAsync<int>(
            nameof(Activities.FailUntil),
            input,
            TaskOptions.FromRetryHandler(async retry =>
            {
                await retry.OrchestrationContext.CreateTimer(TimeSpan.FromMilliseconds(100), CancellationToken.None);
                return true;
            })
        );
        return (context.CurrentUtcDateTime - start).TotalMilliseconds;
    }

    [Function(nameof(RetryByBrokenHandler))]
    public static Task<int> RetryByBrokenHandler([OrchestrationTrigger] TaskOrchestrationContext context, FailUntilInput input) =>
        context.CallActivityAsync<int>(
            nameof(Activities.FailUntil),
            input,
            TaskOptions.FromRetryHandler((RetryHandler)(_ => throw new ScriptException("handler")))
        );

    /// <summary>A handler is not asked about what no retry helps.</summary>
    [Function(nameof(RetryUnknownByHandler))]
    public static async Task<string> RetryUnknownByHandler([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var asked = false;
        try
        {
            await context.CallActivityAsync<string>("Nobody", null, TaskOptions.FromRetryHandler(_ => asked = true));
        }
        catch (TaskFailedException failed)
        {
            return $"{failed.FailureDetails.ErrorType}, asked: {asked}";
        }

        return "no failure";
    }

    [Function(nameof(RetryChild))]
    public static async Task<string> RetryChild([OrchestrationTrigger] TaskOrchestrationContext context, FailUntilInput input)
    {
        TaskOptions options = new(new RetryPolicy(3, Interval));
        return await context.CallSubOrchestratorAsync<string>(nameof(FailingChild), input, options.WithInstanceId(input.Key));
    }

    /// <summary>Counts its starts, and fails until the start of a number.</summary>
    [Function(nameof(FailingChild))]
    public static async Task<string> FailingChild([OrchestrationTrigger] TaskOrchestrationContext context, FailUntilInput input)
    {
        var call = await context.CallActivityAsync<int>(nameof(Activities.FailUntil), input with { Succeeds = 0 });
        return call < input.Succeeds ? throw new InvalidOperationException($"start {call}") : $"{context.InstanceId} {call}";
    }
}
