using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>A called task failed, crashed or timed out, after all its retries.</summary>
public sealed class TaskRunFailedException : ChildRunException
{
    internal TaskRunFailedException(string name, CallOutcome outcome)
        : base("Task", name, outcome)
    {
    }
}
