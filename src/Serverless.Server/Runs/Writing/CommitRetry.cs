using Serverless.Core.Ids;
using Serverless.Storage;

namespace Serverless.Server.Runs.Writing;

/// <summary>
/// Repeats read, judge and write until nobody else was faster. The first few tries follow each other at once, the others after a wait
/// that grows and differs from caller to caller. There is a last try: a run on which everybody writes all the time is no reason to hold a
/// request for ever.
/// </summary>
/// <param name="time">The clock of the waits.</param>
/// <param name="ids">What the waits are drawn from.</param>
public sealed class CommitRetry(TimeProvider time, IIdGenerator ids)
{
    /// <summary>How often a step is tried before its caller is told to come again later.</summary>
    public const int MaxTries = 24;

    /// <summary>How many tries follow each other without a wait: the faster writer has usually finished by then.</summary>
    internal const int PromptTries = 4;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    /// <summary>Tries until there is an answer.</summary>
    /// <param name="step">Reads, judges and writes; the default result when what it read is not true any more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RowStoreUnavailableException">Somebody else was faster each time.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<TryResult<T>>> step, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(step);
        for (var tries = 1; ; tries++)
        {
            var tried = await step(cancellationToken);
            if (tried.IsDone)
            {
                return tried.Value;
            }

            if (tries == MaxTries)
            {
                throw new RowStoreUnavailableException($"Somebody else was faster in each of {MaxTries} tries: the rows are too busy.");
            }

            if (tries >= PromptTries)
            {
                await Task.Delay(WaitAfter(tries), time, cancellationToken);
            }
        }
    }

    /// <summary>The longest wait after a try; callers wait for that or up to half as long.</summary>
    internal static TimeSpan LongestWaitAfter(int tries)
    {
        var wait = FirstWait * Math.Pow(2, tries - PromptTries);
        return wait < LongestWait ? wait : LongestWait;
    }

    private TimeSpan WaitAfter(int tries) => LongestWaitAfter(tries) * (0.5 + (new Random(ids.NewId().GetHashCode()).NextDouble() / 2));
}
