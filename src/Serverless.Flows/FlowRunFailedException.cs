using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>A called subflow failed, crashed or timed out, after all its retries.</summary>
public sealed class FlowRunFailedException : ChildRunException
{
    internal FlowRunFailedException(string name, CallOutcome outcome)
        : base("Flow", name, outcome)
    {
    }
}
