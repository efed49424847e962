using Serverless.Flows.Hosting;
using Serverless.Functions.FlowRuns;

namespace Serverless.Functions.Transactions;

/// <summary>Input of <see cref="EndTransaction"/>.</summary>
/// <param name="Start">The orchestration of the flow run.</param>
/// <param name="End">How the transaction ends.</param>
public sealed record EndTransactionInput(FlowRunStart Start, TransactionEnd End);
