namespace Serverless.Flows.Hosting;

/// <summary>A variable to set.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ValueJson">Its value: any JSON.</param>
/// <param name="Tags">Its tags; null to leave those of an existing variable, and for none of a new one.</param>
/// <param name="Overwrite">Whether an existing variable is changed.</param>
public sealed record VariableRequest(string Name, string ValueJson, IReadOnlyList<string>? Tags, bool Overwrite);
