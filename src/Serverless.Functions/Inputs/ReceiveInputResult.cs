using Serverless.Flows.Hosting;

namespace Serverless.Functions.Inputs;

/// <summary>Answer of <see cref="ReceiveInput"/>.</summary>
/// <param name="Input">The input; null when there is none yet.</param>
public sealed record ReceiveInputResult(InputText? Input = null);
