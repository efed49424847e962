namespace Microsoft.Azure.Functions.Worker;

/// <summary>Base of the retry policies of a function.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class RetryAttribute : Attribute
{
#pragma warning disable CA1012, MA0017 // As published.
    public RetryAttribute()
    {
    }
#pragma warning restore CA1012, MA0017

    public int MaxRetryCount { get; set; }
}
