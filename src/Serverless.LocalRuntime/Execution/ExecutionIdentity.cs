namespace Serverless.LocalRuntime.Execution;

/// <summary>What stays the same during one execution of an orchestrator.</summary>
/// <param name="InstanceId">The instance's id.</param>
/// <param name="ExecutionId">Unique among all executions of all instances, also of those that reuse the instance's id.</param>
/// <param name="Name">The orchestrator's name.</param>
/// <param name="Version">The instance's version; empty for none.</param>
/// <param name="ParentName">The orchestrator that started it; null for none.</param>
/// <param name="ParentId">The instance that started it; null for none.</param>
internal sealed record ExecutionIdentity(
    string InstanceId,
    string ExecutionId,
    string Name,
    string Version,
    string? ParentName,
    string? ParentId
)
{
    /// <summary>The id of a sub-orchestration for which the orchestrator chose none.</summary>
    public static string ChildId(string executionId, int taskId) => $"{executionId}:{taskId:x4}";
}
