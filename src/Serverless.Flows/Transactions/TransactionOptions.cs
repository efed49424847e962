namespace Serverless.Flows;

/// <summary>Does a transaction once for a key, whichever run does it first. Prefect's <c>key</c>, <c>isolation_level</c> and
/// <c>overwrite</c>.</summary>
public sealed record TransactionOptions
{
    private const int LongestKey = 1_024;

    /// <summary>
    /// What the transaction does, for example <c>charge-order-42</c>: 1 to 1,024 characters, the same in all flows of the app. While the
    /// result of a transaction with this key is kept, the code of another one is not run: it returns that result.
    /// </summary>
    public required string Key { get; init; }

    /// <summary>Whether transactions with this key wait for each other; by default, those that begin at the same time all run.</summary>
    public CacheIsolation Isolation { get; init; }

    /// <summary>True to run the code whatever is kept, and to keep its result in place of that. False by default.</summary>
    public bool Overwrite { get; init; }

    /// <summary>How long the result is kept after the commit: positive, and at most a century. Null, the default, for good.</summary>
    public TimeSpan? Expiration { get; init; }

    /// <summary>What the task run that stands for the transaction has as the key of its task, and as its cache key.</summary>
    internal string TaskKey => $"transaction:{Key}";

    /// <summary>These options, if they make sense.</summary>
    /// <param name="options">The name of the parameter that they are.</param>
    /// <exception cref="ArgumentException">They do not.</exception>
    internal TransactionOptions Checked(string options)
    {
        if (string.IsNullOrWhiteSpace(Key) || Key.Length > LongestKey)
        {
            throw new ArgumentException(
                $"The key of a transaction has 1 to {LongestKey:N0} characters; this one has {Key?.Length ?? 0}.",
                options
            );
        }

        if (Expiration is { } kept && !(kept > TimeSpan.Zero && kept.TotalSeconds <= Durations.Longest))
        {
            throw new ArgumentException(
                $"The expiration of transaction '{Key}' is {kept}; it must be positive and at most a century "
                    + $"({Durations.Longest} seconds).",
                options
            );
        }

        return Enum.IsDefined(Isolation)
            ? this
            : throw new ArgumentException($"Transaction '{Key}' has no known isolation: {Isolation}.", options);
    }
}
