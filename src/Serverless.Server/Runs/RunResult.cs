using Serverless.Core.States;

namespace Serverless.Server.Runs;

/// <summary>How a run ended so far, with its result.</summary>
/// <param name="State">The run's state; null before the first one.</param>
/// <param name="Json">The result as JSON: <c>null</c>, too, is one, that of a completed run without a value. Null for none.</param>
/// <param name="IsLost">Whether there was a result, which was not kept.</param>
public sealed record RunResult(State? State, string? Json, bool IsLost = false)
{
    /// <summary>What a run ends with in the place of its result, where that is not to be kept.</summary>
    public const string NotKept = RunHistory.NotKept;

    /// <summary>The result of a run.</summary>
    /// <param name="state">Its state; null before the first one.</param>
    /// <param name="stored">What is stored; null for nothing.</param>
    /// <param name="history">What its row says.</param>
    internal static RunResult Of(State? state, string? stored, RunHistory history)
    {
        var isLost = state?.Type.IsFinal() is true && history.IsLost;
        return new RunResult(state, stored ?? (state?.Type == StateType.Completed && !isLost ? "null" : null), isLost);
    }
}
