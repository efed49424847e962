using Serverless.Functions.FlowRuns;

namespace Serverless.Functions.Inputs;

/// <summary>Input of <see cref="ReceiveInput"/>.</summary>
/// <param name="Start">The orchestration of the flow run.</param>
/// <param name="Number">The number of the wish to receive.</param>
/// <param name="KeyPrefix">What the input's key begins with.</param>
public sealed record ReceiveInputInput(FlowRunStart Start, int Number, string KeyPrefix);
