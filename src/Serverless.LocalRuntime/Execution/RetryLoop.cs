using Microsoft.DurableTask;

namespace Serverless.LocalRuntime.Execution;

/// <summary>
/// Repeats a failed task as its options say; runs as a part of the orchestrator, with its timers. A policy's
/// <c>HandleFailure</c> takes exceptions of the Durable Task core, which do not occur here, and is not asked: which
/// failures are worth a retry is for a retry handler to say.
/// </summary>
internal static class RetryLoop
{
    public static async Task<T> RunAsync<T>(TaskOrchestrationContext context, TaskRetryOptions retry, Func<Task<T>> attempt)
    {
        DateTime start = context.CurrentUtcDateTime;
        for (int attempts = 1; ; attempts++)
        {
            try
            {
                return await attempt();
            }
            catch (TaskFailedException failed)
            {
                bool again = retry.Policy is { } policy
                    ? await DelayAsync(context, policy, attempts, start)
                    : await retry.Handler!(new RetryContext(context, attempts, failed.FailureDetails, context.CurrentUtcDateTime - start, CancellationToken.None));
                if (!again)
                {
                    throw;
                }
            }
        }
    }

    private static async Task<bool> DelayAsync(TaskOrchestrationContext context, RetryPolicy policy, int attempts, DateTime start)
    {
        bool expired = policy.RetryTimeout != Timeout.InfiniteTimeSpan && context.CurrentUtcDateTime - start >= policy.RetryTimeout;
        if (attempts >= policy.MaxNumberOfAttempts || expired)
        {
            return false;
        }

        double delay = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, attempts - 1);
        double longest = policy.MaxRetryInterval == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue.TotalMilliseconds : policy.MaxRetryInterval.TotalMilliseconds;
        await context.CreateTimer(TimeSpan.FromMilliseconds(Math.Min(delay, longest)), CancellationToken.None);
        return true;
    }
}
