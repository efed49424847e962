using Serverless.Testing;

namespace Serverless.Server.Tests.Properties;

/// <summary>
/// Decides in which order concurrent operations come to the store: each waits for its turn, and runs up to its next one before anything
/// else does, all on one thread.
/// </summary>
/// <param name="clock">Moves on when everybody waits for it, as after somebody else was faster again and again.</param>
internal sealed class Schedule(ManualTimeProvider clock)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly OneThread _thread = new();
    private readonly List<TaskCompletionSource> _waiting = [];

    /// <summary>Waits for a turn; for ever when the process crashes before.</summary>
    public Task TurnAsync()
    {
        TaskCompletionSource turn = new();
        _waiting.Add(turn);
        return turn.Task;
    }

    /// <summary>Gives turns until all work is done, or as many as there are before the crash: after it there are no more.</summary>
    /// <param name="work">What goes on at once.</param>
    /// <param name="dice">Whose turn it is.</param>
    /// <param name="turns">How many turns there are.</param>
    /// <returns>False when work was left.</returns>
    public async Task<bool> RunAsync(IReadOnlyList<Func<Task>> work, Random dice, int turns)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_thread);
        Task all;
        try
        {
            all = Task.WhenAll(work.Select(each => each()).ToList());
            while (!all.IsCompleted && turns > 0)
            {
                turns -= Step(dice) ? 1 : 0;
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        if (all.IsCompleted)
        {
            await all;
        }

        return all.IsCompleted;
    }

    /// <summary>Gives somebody a turn; false when there was other work to do before.</summary>
    private bool Step(Random dice)
    {
        if (_waiting.Count == 0 && !_thread.TryRunNext(TimeSpan.Zero) && clock.NextDue is { } due && due - clock.GetUtcNow() <= LongestWait)
        {
            clock.AdvanceTo(due);
            return false;
        }

        if (_thread.TryRunNext(_waiting.Count > 0 ? TimeSpan.Zero : Waiting.Patience))
        {
            return false;
        }

        if (_waiting.Count == 0)
        {
            throw new TimeoutException("Nobody waits for a turn, and nothing goes on.");
        }

        var next = dice.Next(_waiting.Count);
        var turn = _waiting[next];
        _waiting.RemoveAt(next);
        turn.SetResult();
        return true;
    }
}
