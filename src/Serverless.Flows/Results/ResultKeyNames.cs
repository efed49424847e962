namespace Serverless.Flows.Results;

/// <summary>What the keys of the values of tasks, or of flows, are made of.</summary>
/// <param name="Kind">Whose values they are, for exceptions.</param>
/// <param name="Default">The template of those that declare none.</param>
/// <param name="Known">What a template may name besides parameters.</param>
internal sealed record ResultKeyNames(string Kind, string Default, IReadOnlyList<string> Known);
