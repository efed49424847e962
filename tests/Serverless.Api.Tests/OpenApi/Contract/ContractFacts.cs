using System.Text.Json.Nodes;

namespace Serverless.Api.Tests.OpenApi.Contract;

/// <summary>
/// What an OpenAPI document says, without its prose: operations, and the schemas that they use. Types are written in a short form:
/// <c>string:uuid</c>, <c>integer &gt;=0</c>, <c>[string]</c> for a list, <c>{any}</c> for an object with any names, <c>a | null</c> for
/// a choice, <c>enum(A, B)</c>, and <c>#Name</c> for a schema. A <c>!</c> after a name means that it is required.
/// </summary>
/// <param name="Operations">The operations by method and path.</param>
/// <param name="Schemas">The schemas of objects by name, their members by name.</param>
internal sealed record ContractFacts(
    SortedDictionary<string, ContractOperation> Operations,
    SortedDictionary<string, ContractSchema> Schemas
)
{
    /// <summary>Takes the facts from a document.</summary>
    public static ContractFacts Of(JsonNode document)
    {
        SchemaReader reader = new(document["components"]?["schemas"]?.AsObject() ?? []);
        SortedDictionary<string, ContractOperation> operations = new(StringComparer.Ordinal);
        foreach ((var path, var item) in document["paths"]!.AsObject())
        {
            foreach ((var method, var operation) in item!.AsObject().Where(entry => entry.Value is JsonObject))
            {
                operations.Add($"{method.ToUpperInvariant()} {path}", Operation(operation!, reader));
            }
        }

        return new ContractFacts(operations, reader.Read());
    }

    private static ContractOperation Operation(JsonNode operation, SchemaReader reader) =>
        new(
            operation["operationId"]!.GetValue<string>(),
            operation["tags"]?[0]?.GetValue<string>() ?? string.Empty,
            new SortedDictionary<string, string>(
                (operation["parameters"]?.AsArray() ?? []).ToDictionary(
                    parameter => $"{parameter!["in"]} {parameter["name"]}{(parameter["required"]?.GetValue<bool>() == true ? "!" : null)}",
                    parameter => reader.TypeOf(parameter!["schema"]!, withDefault: true)
                ),
                StringComparer.Ordinal
            ),
            operation["requestBody"] is { } body
                ? $"{reader.TypeOf(Json(body["content"]!)!, withDefault: true)}{(body["required"]?.GetValue<bool>() == true ? "!" : null)}"
                : null,
            new SortedDictionary<string, string>(
                operation["responses"]!
                    .AsObject()
                    .ToDictionary(
                        response => response.Key,
                        response => response.Value!["content"] is { } content ? Content(content, reader) : "nothing"
                    ),
                StringComparer.Ordinal
            )
        );

    private static string Content(JsonNode content, SchemaReader reader) =>
        Json(content) is { } schema ? reader.TypeOf(schema) : string.Join(", ", content.AsObject().Select(entry => entry.Key));

    private static JsonNode? Json(JsonNode content) => content["application/json"] is { } json ? json["schema"] ?? new JsonObject() : null;
}
