using Microsoft.DurableTask;

namespace Serverless.Functions.Engine;

/// <summary>
/// How orchestrators retry their own activities. An author's failure is an answer of the activity, never an exception;
/// what throws is the host's trouble (store away, host stopping), worth waiting for.
/// </summary>
internal static class DurableRetries
{
    /// <summary>About two hours of attempts, from one second apart to five minutes.</summary>
    public static TaskOptions Activity { get; } = TaskOptions.FromRetryPolicy(new RetryPolicy(
        maxNumberOfAttempts: 30,
        firstRetryInterval: TimeSpan.FromSeconds(1),
        backoffCoefficient: 2,
        maxRetryInterval: TimeSpan.FromMinutes(5)));
}
