using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace Serverless.LocalRuntime.Hosting;

/// <summary>Refuses bounds with which the runtime could not work, before it starts.</summary>
internal sealed class LocalRuntimeOptionsValidation : IValidateOptions<LocalRuntimeOptions>
{
    /// <summary>The most messages that a storage queue gives at once.</summary>
    private const int LargestBatch = 32;

    public ValidateOptionsResult Validate(string? name, LocalRuntimeOptions options)
    {
        ValidateOptionsResultBuilder result = new();
        AtLeastOne(result, options.MaxConcurrentActivities);
        AtLeastOne(result, options.MaxConcurrentTurns);
        AtLeastOne(result, options.MaxConcurrentMessages);
        AtLeastOne(result, options.QueueBatchSize);
        AtLeastOne(result, options.MaxDequeueCount);
        AtLeastOne(result, options.MaxLiveInstances);
        Positive(result, options.QueuePollingInterval);
        Positive(result, options.IdleTimeout);
        if (options.QueueBatchSize > LargestBatch)
        {
            result.AddError($"must be at most {LargestBatch}, but is {options.QueueBatchSize}", nameof(options.QueueBatchSize));
        }

        if (options.TurnTimeout != Timeout.InfiniteTimeSpan)
        {
            Positive(result, options.TurnTimeout);
        }

        NotNegative(result, options.QueueRetryDelay);
        NotNegative(result, options.StopTimeout);
        return result.Build();
    }

    private static void AtLeastOne(
        ValidateOptionsResultBuilder result,
        int value,
        [CallerArgumentExpression(nameof(value))] string property = ""
    )
    {
        if (value < 1)
        {
            result.AddError($"must be at least 1, but is {value}", NameOf(property));
        }
    }

    private static void Positive(
        ValidateOptionsResultBuilder result,
        TimeSpan value,
        [CallerArgumentExpression(nameof(value))] string property = ""
    )
    {
        if (value <= TimeSpan.Zero)
        {
            result.AddError($"must be longer than no time, but is {value}", NameOf(property));
        }
    }

    private static void NotNegative(
        ValidateOptionsResultBuilder result,
        TimeSpan value,
        [CallerArgumentExpression(nameof(value))] string property = ""
    )
    {
        if (value < TimeSpan.Zero)
        {
            result.AddError($"must not be negative, but is {value}", NameOf(property));
        }
    }

    /// <summary>The property, with the class that a developer knows it by.</summary>
    private static string NameOf(string expression) => expression.Replace("options.", "LocalRuntimeOptions.", StringComparison.Ordinal);
}
