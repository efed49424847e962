using Serverless.LocalRuntime.Deaths;
using Serverless.LocalRuntime.Execution;

namespace Serverless.LocalRuntime.Activities;

/// <summary>An activity to run.</summary>
internal sealed record ActivityWork(string RootId, string InstanceId, OrchestrationExecution Execution, OrchestrationAction Action)
{
    /// <summary>The call, the same in each process that runs it.</summary>
    public string Key => ActivityKey.Of(RootId, Action.Name, Execution.Identity.ExecutionId, Action.Id);
}
