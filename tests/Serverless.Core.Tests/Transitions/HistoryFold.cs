using Serverless.Core.States;

namespace Serverless.Core.Tests.Transitions;

/// <summary>What a run's row has to say, told from its history alone.</summary>
internal sealed record HistoryFold(
    int RunCount,
    double TotalRunTime,
    DateTimeOffset? StartTime,
    DateTimeOffset? EndTime,
    DateTimeOffset? NextScheduledStartTime)
{
    /// <param name="history">The states, oldest first.</param>
    /// <param name="countResumes">Whether Running after a pause counts, as it does for task runs.</param>
    public static HistoryFold Of(IReadOnlyList<State> history, bool countResumes)
    {
        var fold = new HistoryFold(0, 0, null, null, null);
        var resuming = false;
        State? previous = null;
        foreach (var state in history)
        {
            resuming = !countResumes && (resuming || previous?.Type == StateType.Paused);
            if (previous is { } final && final.Type.IsFinal() && !state.Type.IsFinal())
            {
                resuming = false;
            }

            fold = new HistoryFold(
                fold.RunCount + (state.Type == StateType.Running && !resuming ? 1 : 0),
                fold.TotalRunTime + (previous is { Type: StateType.Running } ? (state.Timestamp - previous.Timestamp).TotalSeconds : 0),
                fold.StartTime ?? (state.Type == StateType.Running || state.Type.IsFinal() ? state.Timestamp : null),
                state.Type.IsFinal() ? fold.EndTime ?? state.Timestamp : null,
                state.Type == StateType.Scheduled ? state.StateDetails.ScheduledTime : null);
            resuming &= state.Type != StateType.Running && !state.Type.IsFinal();
            previous = state;
        }

        return fold;
    }
}
