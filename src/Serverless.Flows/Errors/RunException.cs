using Serverless.Core.States;

namespace Serverless.Flows;

/// <summary>The value of a run is asked for, and its state has none.</summary>
public abstract class RunException : Exception
{
    private protected RunException(string message, IState state, RunnableDefinition? called)
        : base(message)
    {
        State = state;
        Name = called?.Name;
    }

    /// <summary>The state that has no value. Where a run ended so because of others, the state of the first of them that failed.</summary>
    public IState State { get; }

    /// <summary>The name of the task or flow that was called; null when only a state is known.</summary>
    public string? Name { get; }

    /// <summary>The task run or flow run that was in the state; null when it is nobody's.</summary>
    public Guid? RunId => State.StateDetails.TaskRunId ?? State.StateDetails.FlowRunId;
}
