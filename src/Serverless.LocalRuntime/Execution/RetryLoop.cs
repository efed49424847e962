using System.Diagnostics.CodeAnalysis;
using Microsoft.DurableTask;
using Serverless.LocalRuntime.History;
using CoreExceptions = DurableTask.Core.Exceptions;

namespace Serverless.LocalRuntime.Execution;

/// <summary>
/// Repeats a failed task as its options say; runs as a part of the orchestrator, with its timers. A policy counts whatever is
/// thrown as a failure, also a result that cannot be read; a handler is asked about the failures of tasks only.
/// </summary>
internal static class RetryLoop
{
    public static async Task<T> RunAsync<T>(
        TaskOrchestrationContext context,
        ActionKind kind,
        TaskRetryOptions retry,
        Func<Task<T>> attempt
    )
    {
        var start = context.CurrentUtcDateTime;
        for (var attempts = 1; ; attempts++)
        {
            try
            {
                return await attempt();
            }
            catch (Exception failed) when (retry.Policy is not null || failed is TaskFailedException)
            {
                if (!await IsWorthwhileAsync(context, kind, retry, failed, attempts, start))
                {
                    throw;
                }
            }
        }
    }

    /// <summary>Waits until the next attempt; false when there is none.</summary>
    private static async Task<bool> IsWorthwhileAsync(
        TaskOrchestrationContext context,
        ActionKind kind,
        TaskRetryOptions retry,
        Exception exception,
        int attempts,
        DateTime start
    )
    {
        var details = (exception as TaskFailedException)?.FailureDetails;
        if (details is not null && Failure.IsLasting(details))
        {
            return false;
        }

        return retry.Policy is { } policy
            ? await DelayAsync(context, kind, policy, exception, attempts, start)
            : await retry.Handler!(
                new RetryContext(context, attempts, details!, context.CurrentUtcDateTime - start, CancellationToken.None)
            );
    }

    private static async Task<bool> DelayAsync(
        TaskOrchestrationContext context,
        ActionKind kind,
        RetryPolicy policy,
        Exception exception,
        int attempts,
        DateTime start
    )
    {
        var expired = policy.RetryTimeout != Timeout.InfiniteTimeSpan && context.CurrentUtcDateTime - start >= policy.RetryTimeout;
        if (attempts >= policy.MaxNumberOfAttempts || expired || !Handles(policy, kind, exception))
        {
            return false;
        }

        var delay = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, attempts - 1);
        var longest =
            policy.MaxRetryInterval == Timeout.InfiniteTimeSpan
                ? TimeSpan.MaxValue.TotalMilliseconds
                : policy.MaxRetryInterval.TotalMilliseconds;
        await context.CreateTimer(TimeSpan.FromMilliseconds(Math.Min(delay, longest)), CancellationToken.None);
        return true;
    }

    /// <summary>Asks the policy's filter, which takes the exceptions of the Durable Task core. One that throws refuses.</summary>
    [SuppressMessage(
        "Design",
        "CA1031:Do not catch general exception types",
        Justification = "The filter's failure must not hide the task's."
    )]
    private static bool Handles(RetryPolicy policy, ActionKind kind, Exception exception)
    {
        try
        {
            return policy.Handle(exception is TaskFailedException failed ? ToCore(kind, failed) : exception);
        }
        catch (Exception)
        {
            return false;
        }
    }

    private static CoreExceptions.OrchestrationException ToCore(ActionKind kind, TaskFailedException failed) =>
        kind == ActionKind.Activity
            ? new CoreExceptions.TaskFailedException(failed.Message) { FailureDetails = Failure.ToCore(failed.FailureDetails) }
            : new CoreExceptions.SubOrchestrationFailedException(failed.Message) { FailureDetails = Failure.ToCore(failed.FailureDetails) };
}
