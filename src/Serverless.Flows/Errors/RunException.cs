using Serverless.Flows.Calls;

namespace Serverless.Flows;

/// <summary>The value of a run is asked for, and its state has none.</summary>
public abstract class RunException : Exception
{
    private protected RunException(string message, RunState state, Called? called = null)
        : base(message)
    {
        State = state;
        Name = called?.Name;
    }

    /// <summary>The state that has no value. Where a run ended so because of others, the state of the first of them that failed.</summary>
    public RunState State { get; }

    /// <summary>The name of the task or flow that was called; null when only a state is known.</summary>
    public string? Name { get; }

    /// <summary>
    /// The full name of the .NET exception that the run's code threw, as in <c>System.InvalidOperationException</c>; null if it threw none
    /// or is not known: the code returned a failed state, or a run that Prefect's engine drives failed.
    /// </summary>
    public string? ErrorType => State.ErrorType;

    /// <summary>
    /// The types of the exceptions that caused that one, outermost first, at most ten; empty for none. When the code failed because of the
    /// <see cref="RunException"/> of another run, the types of that run's error come first.
    /// </summary>
    public IReadOnlyList<string> InnerErrorTypes => State.InnerErrorTypes;

    /// <summary>The task run or flow run that was in the state; null when it is nobody's.</summary>
    public Guid? RunId => State.RunId;
}
