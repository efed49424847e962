using Serverless.Functions.FlowRuns;

namespace Serverless.Functions.Transactions;

/// <summary>Input of <see cref="RollBackTaskRuns"/>.</summary>
/// <param name="Start">The orchestration of the flow run.</param>
/// <param name="RunCount">The flow run's count in the attempt that rolls back.</param>
/// <param name="TaskRunIds">The task runs.</param>
public sealed record RollBackTaskRunsInput(FlowRunStart Start, int RunCount, IReadOnlyList<Guid> TaskRunIds);
