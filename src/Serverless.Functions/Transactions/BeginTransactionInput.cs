using Serverless.Flows.Hosting;
using Serverless.Functions.FlowRuns;

namespace Serverless.Functions.Transactions;

/// <summary>Input of <see cref="BeginTransaction"/>.</summary>
/// <param name="Start">The orchestration of the flow run.</param>
/// <param name="RunCount">The flow run's count in the attempt that begins it.</param>
/// <param name="Call">The transaction.</param>
public sealed record BeginTransactionInput(FlowRunStart Start, int RunCount, TransactionCall Call);
