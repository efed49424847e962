using Serverless.Core.States;

namespace Serverless.Core.Tests.Transitions.Properties;

/// <summary>What a run's row has to say, told from its history alone.</summary>
internal sealed record HistoryFold(
    int RunCount,
    double TotalRunTime,
    DateTimeOffset? StartTime,
    DateTimeOffset? EndTime,
    DateTimeOffset? ExpectedStartTime,
    DateTimeOffset? NextScheduledStartTime
)
{
    /// <param name="history">The states, oldest first.</param>
    public static HistoryFold Of(IReadOnlyList<Entry> history)
    {
        var fold = new HistoryFold(0, 0, null, null, null, null);
        var resuming = false;
        State? previous = null;
        foreach (var (state, resumes, restarts) in history)
        {
            resuming |= resumes;
            var counted = restarts ? 0 : fold.RunCount;
            var due = state.Type == StateType.Scheduled ? state.StateDetails.ScheduledTime : null;
            fold = new HistoryFold(
                counted + (state.Type == StateType.Running && !resuming ? 1 : 0),
                fold.TotalRunTime + (previous is { Type: StateType.Running } ? (state.Timestamp - previous.Timestamp).TotalSeconds : 0),
                fold.StartTime ?? (state.Type == StateType.Running || state.Type.IsFinal() ? state.Timestamp : null),
                state.Type.IsFinal() ? fold.EndTime ?? state.Timestamp : null,
                fold.ExpectedStartTime ?? due ?? state.Timestamp,
                due
            );
            resuming &= state.Type != StateType.Running && !state.Type.IsFinal();
            previous = state;
        }

        return fold;
    }

    /// <summary>A state of the history.</summary>
    /// <param name="State">The state.</param>
    /// <param name="Resumes">Whether it leaves a pause by the rule: the way back to Running is no attempt.</param>
    /// <param name="Restarts">Whether it leaves a final state by the rule of task runs: attempts are counted anew.</param>
    internal sealed record Entry(State State, bool Resumes = false, bool Restarts = false);
}
