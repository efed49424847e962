using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Api.Http.Binding;
using Serverless.Core.Json;

namespace Serverless.Api.Tests;

/// <summary>Calls of the REST API with the status that is expected.</summary>
internal static class ApiAssertions
{
    public static async Task<JsonNode?> GetAsync(this TestServer server, string path, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await server.Http.GetAsync(new Uri(path, UriKind.Relative));
        return await ReadAsync(response, expected);
    }

    public static async Task<JsonNode?> PostAsync(
        this TestServer server,
        string path,
        string? body,
        HttpStatusCode expected = HttpStatusCode.OK
    )
    {
        using var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await server.Http.PostAsync(new Uri(path, UriKind.Relative), content);
        return await ReadAsync(response, expected);
    }

    /// <summary>Posts bytes as JSON, as they are.</summary>
    public static async Task<JsonNode?> PostBytesAsync(this TestServer server, string path, byte[] body, HttpStatusCode expected)
    {
        using ByteArrayContent content = new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var response = await server.Http.PostAsync(new Uri(path, UriKind.Relative), content);
        return await ReadAsync(response, expected);
    }

    /// <summary>Posts bytes as JSON without saying how many.</summary>
    public static async Task<HttpResponseMessage> PostChunkedAsync(this TestServer server, string path, byte[] body)
    {
        using HttpRequestMessage chunked = new(HttpMethod.Post, path) { Content = new StreamContent(new MemoryStream(body)) };
        chunked.Headers.TransferEncodingChunked = true;
        chunked.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await server.Http.SendAsync(chunked);
    }

    public static async Task<JsonNode?> PatchAsync(this TestServer server, string path, string body, HttpStatusCode expected)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using var response = await server.Http.PatchAsync(new Uri(path, UriKind.Relative), content);
        return await ReadAsync(response, expected);
    }

    public static async Task<JsonNode?> DeleteAsync(this TestServer server, string path, HttpStatusCode expected)
    {
        using var response = await server.Http.DeleteAsync(new Uri(path, UriKind.Relative));
        return await ReadAsync(response, expected);
    }

    public static string Text(this JsonNode? node, string name) => node.ShouldNotBeNull()[name].ShouldNotBeNull().GetValue<string>();

    /// <summary>A time as answers have it.</summary>
    public static string ToJson(this DateTimeOffset? time) => JsonSerializer.Serialize(time, WireJson.Options);

    /// <summary>The JSON of a value, <c>null</c> included.</summary>
    public static string Json(this JsonNode? node) => node?.ToJsonString() ?? "null";

    /// <summary>The error of a 422 answer: its type, and its place in dots.</summary>
    public static (string Type, string Location)[] Errors(this JsonNode? answer)
    {
        var known = answer.ShouldNotBeNull();
        known.Text("exception_message").ShouldBe("Invalid request received.");
        known["detail"]!.ToJsonString().ShouldBe(known["exception_detail"]!.ToJsonString());
        return [.. known["exception_detail"]!.AsArray().Select(error => (error.Text("type"), string.Join('.', error!["loc"]!.AsArray())))];
    }

    private static async Task<JsonNode?> ReadAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(expected, text);
        return text.Length == 0 ? null : JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = JsonDepth.Max });
    }
}
