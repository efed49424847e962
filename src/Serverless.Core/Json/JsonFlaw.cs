namespace Serverless.Core.Json;

/// <summary>The first thing in a JSON text that cannot be kept.</summary>
/// <param name="Type">The kind of error, in pydantic's words.</param>
/// <param name="Path">The names and indexes that lead to it; empty for the whole text.</param>
/// <param name="Message">What is wrong, for people.</param>
public sealed record JsonFlaw(string Type, IReadOnlyList<object> Path, string Message);
