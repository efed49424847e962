namespace Serverless.Flows.Hosting;

/// <summary>An artifact to write.</summary>
/// <param name="Type">Prefect's artifact type: <c>table</c>, <c>markdown</c>, <c>link</c>, <c>progress</c>, <c>image</c>.</param>
/// <param name="Key">Lower-case letters, digits and dashes; null for an artifact without a collection.</param>
/// <param name="DataJson">The data, as Prefect stores it for the type (a table is a JSON string of rows).</param>
/// <param name="Description">Markdown shown with it; null for none.</param>
public sealed record ArtifactRequest(string Type, string? Key, string DataJson, string? Description);
