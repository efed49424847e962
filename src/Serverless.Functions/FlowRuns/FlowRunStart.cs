namespace Serverless.Functions.FlowRuns;

/// <summary>Input of <see cref="FlowRunOrchestrator"/>.</summary>
/// <param name="FlowRunId">The run to execute.</param>
/// <param name="Generation">Which start of the run this is: 1 for the first, one more for each restart after a final state.</param>
/// <param name="Attempt">Which execution of the flow body within the generation, from 1; a retry continues as new with the next.</param>
public sealed record FlowRunStart(Guid FlowRunId, int Generation, int Attempt = 1);
