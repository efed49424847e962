using Serverless.Core.States;

namespace Serverless.Web.Runs;

/// <summary>What can be done to many runs.</summary>
/// <param name="Name">What is done to runs, in a word.</param>
/// <param name="Verb">What was done to a run, in words.</param>
/// <param name="Effect">Which of the runs that match are meant, and what happens to them.</param>
/// <param name="Types">Of all runs that match, those in such a state are meant.</param>
/// <param name="DoAsync">Does it to a run; null when it was done, and else why not.</param>
internal sealed record BulkAction(
    string Name,
    string Verb,
    string Effect,
    IReadOnlyList<StateType> Types,
    Func<Guid, CancellationToken, Task<string?>> DoAsync
)
{
    /// <summary>Which of the runs that match are meant; null for none.</summary>
    public RunFilterModel? Narrow(RunFilterModel filter)
    {
        // Late runs are scheduled ones, of a name of their own.
        var isLate = filter.IsLate && Types.Contains(StateType.Scheduled);
        StateType[] types = [.. Types.Where(type => (filter.States.Count == 0 && !filter.IsLate) || filter.States.Contains(type))];
        return types.Length == 0 && !isLate ? null : filter with { States = types, IsLate = isLate };
    }
}
