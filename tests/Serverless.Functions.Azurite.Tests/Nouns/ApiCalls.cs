using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Http;
using Serverless.Functions.Tests.Fixtures;

namespace Serverless.Functions.Tests.Nouns;

/// <summary>Calls of the REST API by the trigger that a function app has for it.</summary>
internal static class ApiCalls
{
    public static Task<JsonNode?> GetAsync(this EmbeddedApp app, string path, int expected = 200) =>
        app.SendAsync("GET", path, null, expected);

    public static Task<JsonNode?> PostAsync(this EmbeddedApp app, string path, string? body, int expected = 200) =>
        app.SendAsync("POST", path, body, expected);

    /// <summary>Sends a request; the status of the answer has to be the expected one.</summary>
    public static async Task<JsonNode?> SendAsync(this EmbeddedApp app, string method, string path, string? body, int expected)
    {
        using MemoryStream answer = new();
        DefaultHttpContext http = new() { RequestServices = app.Services };
        http.Request.Method = method;
        http.Request.Path = $"/api{path}";
        http.Response.Body = answer;
        http.Request.ContentType = body is null ? null : "application/json";
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body ?? string.Empty));
        http.Request.ContentLength = http.Request.Body.Length;

        await new RestApiFunctions(app.Get<RestApi>()).ApiAsync(http.Request);
        var text = Encoding.UTF8.GetString(answer.ToArray());
        http.Response.StatusCode.ShouldBe(expected, $"{method} {path}: {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    public static string Text(this JsonNode? node, string member) => node![member]!.ToString();

    /// <summary>A member of each item of a list.</summary>
    public static IEnumerable<string> Texts(this JsonNode? list, string member) => list!.AsArray().Select(item => item.Text(member));
}
