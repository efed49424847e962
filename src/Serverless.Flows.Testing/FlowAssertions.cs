namespace Serverless.Flows.Testing;

/// <summary>Assertions for any test framework: what does not hold, a <see cref="FlowTestException"/> tells.</summary>
public static class FlowAssertions
{
    /// <summary>The run has completed.</summary>
    /// <param name="run">The run, for which somebody has waited.</param>
    /// <returns>The same run.</returns>
    /// <exception cref="FlowTestException">It has not; says in which state it is.</exception>
    public static FlowTestRun MustBeCompleted(this FlowTestRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.State.IsCompleted ? run : throw Is(run, run.State, "Completed");
    }

    /// <summary>The run is in a state.</summary>
    /// <param name="run">The run, for which somebody has waited.</param>
    /// <param name="stateName">The state's name, as <c>TimedOut</c>.</param>
    /// <param name="message">What the state's message contains; null for anything.</param>
    /// <returns>The same run.</returns>
    /// <exception cref="FlowTestException">It is not; says in which state it is.</exception>
    public static FlowTestRun MustBe(this FlowTestRun run, string stateName, string? message = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        Check(run, run.State, stateName, message);
        return run;
    }

    /// <summary>The task run is in a state.</summary>
    /// <param name="run">The task run.</param>
    /// <param name="stateName">The state's name, as <c>TimedOut</c>.</param>
    /// <param name="message">What the state's message contains; null for anything.</param>
    /// <returns>The same task run.</returns>
    /// <exception cref="FlowTestException">It is not; says in which state it is.</exception>
    public static FlowTestTaskRun MustBe(this FlowTestTaskRun run, string stateName, string? message = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        Check(run, run.State, stateName, message);
        return run;
    }

    /// <summary>The states are these, in this order.</summary>
    /// <param name="states">The states of a run or task run.</param>
    /// <param name="stateNames">The names.</param>
    /// <exception cref="FlowTestException">They are not; says which they are.</exception>
    public static void MustBe(this IEnumerable<RunState> states, params string[] stateNames)
    {
        List<string> names = [.. states.Select(state => state.Name)];
        if (!names.SequenceEqual(stateNames, StringComparer.Ordinal))
        {
            throw new FlowTestException($"The states are {string.Join(", ", names)}; expected {string.Join(", ", stateNames)}.");
        }
    }

    /// <summary>So many attempts of the task began.</summary>
    /// <param name="stub">The task's stub.</param>
    /// <param name="attempts">How many.</param>
    /// <exception cref="FlowTestException">There were more or fewer; lists them.</exception>
    public static void MustBeCalled(this TaskStub stub, int attempts)
    {
        ArgumentNullException.ThrowIfNull(stub);
        var calls = stub.Calls;
        if (calls.Count != attempts)
        {
            throw new FlowTestException(
                $"There were {calls.Count} attempts of {stub}; expected {attempts}. They were: {string.Join("; ", calls)}."
            );
        }
    }

    private static void Check(object run, RunState state, string stateName, string? message)
    {
        if (state.Name != stateName)
        {
            throw Is(run, state, stateName);
        }

        if (message is not null && state.Message?.Contains(message, StringComparison.Ordinal) != true)
        {
            throw Is(run, state, $"{stateName} with '{message}' in its message");
        }
    }

    private static FlowTestException Is(object run, RunState state, string expected) => new($"{run} is {state}; expected {expected}.");
}
