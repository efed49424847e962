using System.Text.Json;

namespace Serverless.Core.Models;

/// <summary>Body of <c>POST /flow_runs/{id}/resume</c>.</summary>
public sealed record ResumeFlowRunRequest
{
    /// <summary>The input that the paused run asked for.</summary>
    public IReadOnlyDictionary<string, JsonElement>? RunInput { get; init; }
}
