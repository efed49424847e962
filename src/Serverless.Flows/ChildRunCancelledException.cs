using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>A called task or subflow was cancelled.</summary>
public sealed class ChildRunCancelledException : ChildRunException
{
    internal ChildRunCancelledException(RunnableDefinition definition, CallOutcome outcome)
        : base(definition is TaskDefinition ? "Task" : "Flow", definition.Name, outcome)
    {
    }
}
