namespace Serverless.Flows;

/// <summary>What the states of several runs say together.</summary>
public static class RunStateExtensions
{
    /// <summary>The exception of the first run that failed, crashed or was cancelled; null when none did.</summary>
    /// <param name="states">The states of the runs.</param>
    /// <returns>The exception.</returns>
    public static RunException? FirstError(this IEnumerable<RunState> states) =>
        states.FirstOrDefault(state => state.IsFinal && !state.IsCompleted)?.Error();
}
