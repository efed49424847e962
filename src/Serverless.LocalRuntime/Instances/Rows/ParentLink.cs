namespace Serverless.LocalRuntime.Instances;

/// <summary>The step of another orchestration that waits for this one.</summary>
internal sealed record ParentLink(string InstanceId, string Name, string ExecutionId, int TaskId);
