namespace Serverless.Functions.Inputs;

/// <summary>Input of <see cref="SendInput"/>.</summary>
/// <param name="FlowRunId">The flow run that gets it.</param>
/// <param name="Key">The input's key.</param>
/// <param name="Json">Its text.</param>
/// <param name="Sender">Who sends it.</param>
public sealed record SendInputInput(Guid FlowRunId, string Key, string Json, string Sender);
