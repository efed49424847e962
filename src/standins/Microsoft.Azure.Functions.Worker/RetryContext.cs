namespace Microsoft.Azure.Functions.Worker;

/// <summary>The function-level retries of an invocation.</summary>
public abstract class RetryContext
{
    public abstract int RetryCount { get; }

    public abstract int MaxRetryCount { get; }
}
