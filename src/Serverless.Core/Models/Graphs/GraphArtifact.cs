using System.Text.Json;

namespace Serverless.Core.Models;

/// <summary>An artifact in a graph.</summary>
/// <param name="Id">The artifact.</param>
/// <param name="Created">When it was stored (UTC).</param>
/// <param name="Key">Its collection; null for none.</param>
/// <param name="Type">What it is, such as <c>table</c>.</param>
/// <param name="IsLatest">Whether it is the latest of its collection; true without one.</param>
/// <param name="Data">Its data if it shows progress; otherwise null.</param>
public sealed record GraphArtifact(Guid Id, DateTimeOffset? Created, string? Key, string? Type, bool IsLatest, JsonElement? Data);
