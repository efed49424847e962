using Serverless.LocalRuntime.Execution;

namespace Serverless.LocalRuntime.Activities;

/// <summary>An activity to run.</summary>
internal sealed record ActivityWork(string RootId, string InstanceId, OrchestrationExecution Execution, OrchestrationAction Action);
