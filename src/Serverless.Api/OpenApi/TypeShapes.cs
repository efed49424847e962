using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Serverless.Core.Models;

namespace Serverless.Api.OpenApi;

/// <summary>Describes the types that a converter of ours writes, of which the generator can know nothing, and lists of them.</summary>
internal sealed class TypeShapes : IOpenApiSchemaTransformer
{
    public async Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var info = context.JsonTypeInfo;
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. Names(type, info.Options)];
        }
        else if (type == typeof(DateTimeOffset))
        {
            schema.Type = type == info.Type ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
            schema.Format = "date-time";
        }
        else if (type == typeof(RetryDelay))
        {
            OpenApiSchema seconds = new() { Type = JsonSchemaType.Number };
            schema.AnyOf =
            [
                seconds,
                new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = seconds,
                    MaxItems = RetryDelay.MaxCount,
                },
            ];
        }
        else if (type == typeof(GraphEntry))
        {
            schema.Type = JsonSchemaType.Array;
            schema.MinItems = schema.MaxItems = 2;
            schema.Items = new OpenApiSchema
            {
                AnyOf =
                [
                    new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
                    await context.GetOrCreateSchemaAsync(typeof(GraphNode), cancellationToken: cancellationToken),
                ],
            };
        }
        else if (type == typeof(IReadOnlyDictionary<Guid, NextFlowRun?>))
        {
            // A flow without a next run is there, too, which the type cannot say when it is looked at.
            schema.AdditionalProperties = new OpenApiSchema
            {
                OneOf = [new OpenApiSchema { Type = JsonSchemaType.Null }, schema.AdditionalProperties!],
            };
        }
        else if (
            info is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element }
            && schema.Items is null
            && element != typeof(JsonElement)
        )
        {
            schema.Items = await context.GetOrCreateSchemaAsync(element, cancellationToken: cancellationToken);
        }
    }

    private static IEnumerable<JsonNode> Names(Type type, JsonSerializerOptions options) =>
        Enum.GetValuesAsUnderlyingType(type)
            .Cast<object>()
            .Select(value => JsonSerializer.SerializeToNode(Enum.ToObject(type, value), options.GetTypeInfo(type))!);
}
