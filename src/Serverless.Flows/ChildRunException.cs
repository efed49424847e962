using Serverless.Core.States;
using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>A called task or subflow did not complete.</summary>
public abstract class ChildRunException : Exception
{
    private protected ChildRunException(string kind, string name, CallOutcome outcome)
        : base($"{kind} '{name}' ended as {outcome.StateName}{(outcome.Message is { Length: > 0 } text ? $": {text}" : ".")}")
    {
        Name = name;
        RunId = outcome.RunId;
        StateType = outcome.Type;
        StateName = outcome.StateName;
        StateMessage = outcome.Message;
    }

    /// <summary>The task's or flow's name.</summary>
    public string Name { get; }

    /// <summary>The id of the task run, or of the subflow's run.</summary>
    public Guid RunId { get; }

    /// <summary>The type of the state in which the run ended.</summary>
    public StateType StateType { get; }

    /// <summary>The name of that state, as in <c>TimedOut</c>.</summary>
    public string StateName { get; }

    /// <summary>The message of that state: for a failure, what went wrong.</summary>
    public string? StateMessage { get; }

    /// <summary>The exception for a run that did not complete.</summary>
    internal static ChildRunException For(RunnableDefinition definition, CallOutcome outcome) => (outcome.Type, definition) switch
    {
        (StateType.Cancelled or StateType.Cancelling, _) => new ChildRunCancelledException(definition, outcome),
        (_, TaskDefinition) => new TaskRunFailedException(definition.Name, outcome),
        _ => new FlowRunFailedException(definition.Name, outcome),
    };
}
