using Serverless.Flows.Hosting;

namespace Serverless.Functions.RunServices;

/// <summary>Input of <see cref="SetVariable"/>.</summary>
/// <param name="VariableId">The id of a new variable, drawn by the orchestrator: a repeated activity knows its own variable by it.</param>
/// <param name="Variable">The variable.</param>
public sealed record SetVariableInput(Guid VariableId, VariableRequest Variable);
