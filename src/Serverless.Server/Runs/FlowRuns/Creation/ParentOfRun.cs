namespace Serverless.Server.Runs;

/// <summary>The flow run of this app that asked for another run.</summary>
/// <param name="FlowRunId">The flow run.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="TaskRunId">Its task run that stands for the other run.</param>
public sealed record ParentOfRun(Guid FlowRunId, int Generation, Guid TaskRunId);
