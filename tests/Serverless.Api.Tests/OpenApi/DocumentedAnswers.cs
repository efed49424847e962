using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.OpenApi;
using Serverless.Core.Json;

namespace Serverless.Api.Tests.OpenApi;

/// <summary>
/// Compares every answer that a test gets with the OpenAPI document: it has to name the status, and what was sent has to match its schema.
/// JsonSchema.Net is the judge.
/// </summary>
internal static class DocumentedAnswers
{
    /// <summary>What any request can get, which the document calls the default. 499 is what nobody gets: the client has gone.</summary>
    private static readonly int[] Anywhere = [401, 403, 499, 500, 503];

    // A larger one says nothing that a small one does not.
    private const int LargestChecked = 64 * 1024;

    // What the other choice of every member that may be null says.
    private const string NullBranch = "should be \"null\"";

    private const string Root = "https://example.com/api";
    private static readonly BuildOptions Build = new() { Dialect = Dialect.Draft202012, SchemaRegistry = new SchemaRegistry() };
    private static readonly ConcurrentDictionary<string, JsonSchema> Schemas = new(StringComparer.Ordinal);
    private static readonly Lock Opening = new();
    private static Task<JsonNode>? _document;

    /// <summary>Lets a request pass, and looks at its answer.</summary>
    public static async Task CheckAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Headers.Upgrade.Count > 0)
        {
            await next(http);
            return;
        }

        var sent = http.Response.Body;
        await using CopyingStream copy = new(sent);
        http.Response.Body = copy;
        await next(http);
        http.Response.Body = sent;
        if (http.GetEndpoint()?.Metadata is { } metadata && metadata.GetMetadata<OperationMark>() is not null)
        {
            var name = metadata.GetRequiredMetadata<IEndpointNameMetadata>().EndpointName;
            Check(await OpenAsync(http), name, http.Response.StatusCode, http.Response.ContentType, copy.Copied);
        }
    }

    /// <summary>The schema of a body or answer by its name in <see cref="ReadAsync"/>.</summary>
    public static JsonSchema SchemaOf(string name) =>
        Schemas.GetOrAdd(name, known => JsonSchema.FromText($$"""{"$ref": "{{Root}}#/$defs/{{known}}"}""", Build));

    /// <summary>What is wrong with a value; null if it matches.</summary>
    public static string? Fault(string name, JsonElement value)
    {
        var found = SchemaOf(name).Evaluate(value, new EvaluationOptions { OutputFormat = OutputFormat.List });
        return found.IsValid
            ? null
            : string.Join(
                "; ",
                (found.Details ?? [])
                    .Where(detail => detail.Errors?.Count > 0)
                    .Select(detail => $"{detail.InstanceLocation}: {string.Join(", ", detail.Errors!.Values)}")
                    .Where(error => !error.EndsWith(NullBranch, StringComparison.Ordinal))
            );
    }

    /// <summary>
    /// The operations of a server's document, whose schemas are known from then on: <c>operation.status</c> and <c>operation.body</c>.
    /// </summary>
    public static Task<JsonNode> OpenAsync(HttpContext http) =>
        OpenAsync((ApiDocument)http.RequestServices.GetService(typeof(ApiDocument))!);

    /// <inheritdoc cref="OpenAsync(HttpContext)"/>
    public static Task<JsonNode> OpenAsync(ApiDocument document)
    {
        lock (Opening)
        {
            return _document ??= ReadAsync(document);
        }
    }

    private static async Task<JsonNode> ReadAsync(ApiDocument document)
    {
        var json = JsonNode.Parse(await document.ReadAsync())!;
        var schemas = json["components"]!["schemas"]!.DeepClone().AsObject();
        Dictionary<string, JsonNode> operations = [];
        foreach (
            var (_, operation) in json["paths"]!
                .AsObject()
                .SelectMany(path => path.Value!.AsObject())
                .Where(entry => entry.Value is JsonObject)
        )
        {
            var name = operation!["operationId"]!.GetValue<string>();
            operations.Add(name, operation);
            foreach ((var status, var answer) in operation["responses"]!.AsObject())
            {
                Add($"{name}.{status}", answer!);
            }

            if (operation["requestBody"] is { } body)
            {
                Add($"{name}.body", body);
            }
        }

        var text = new JsonObject { ["$id"] = Root, ["$defs"] = schemas }
            .ToJsonString()
            .Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
        _ = JsonSchema.FromText(text, Build);
        return new JsonObject(
            operations.Select(operation => KeyValuePair.Create<string, JsonNode?>(operation.Key, operation.Value.DeepClone()))
        );

        void Add(string name, JsonNode what)
        {
            if (what["content"]?["application/json"]?["schema"] is { } schema)
            {
                schemas.Add(name, schema.DeepClone());
            }
        }
    }

    private static void Check(JsonNode operations, string name, int status, string? type, ReadOnlyMemory<byte> body)
    {
        // A name that is not the server's gets 400 before anybody looks at the operation.
        if (status == 400 && body.Span.IndexOf("Invalid host header"u8) >= 0)
        {
            return;
        }

        var code = status.ToString(CultureInfo.InvariantCulture);
        var answers = operations[name]!["responses"]!;
        if (answers[code] is null && !Anywhere.Contains(status))
        {
            throw new ShouldAssertException($"The OpenAPI document does not know that {name} answers {code}.");
        }

        var documented = (answers[code] ?? answers["default"])!["content"]?.AsObject().Select(content => content.Key).ToList() ?? [];
        var media = type?.Split(';')[0];
        if (body.Length > 0 && !documented.Contains(media!))
        {
            throw new ShouldAssertException(
                $"The OpenAPI document says that {name} answers {code} with {string.Join(", ", documented)}, not {type}."
            );
        }

        if (media == "application/json" && body.Length is > 0 and < LargestChecked)
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = JsonDepth.Max });
            if (Fault($"{name}.{(answers[code] is null ? "default" : code)}", json.RootElement) is { } fault)
            {
                throw new ShouldAssertException(
                    $"The answer {code} of {name} does not match the OpenAPI document: {fault} {json.RootElement}"
                );
            }
        }
    }
}
