using System.Text.Json.Nodes;

namespace Serverless.FunctionApp.Tests.Fixtures;

/// <summary>Values of bindings, as they travel between host and worker.</summary>
internal static class Data
{
    /// <summary>A text.</summary>
    public static JsonObject Text(string text) => new() { ["string"] = text };

    /// <summary>A value in JSON.</summary>
    public static JsonObject Json(string json) => new() { ["json"] = json };
}
