using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Serverless.Core.Models;

namespace Serverless.Api.OpenApi;

/// <summary>Describes the types that have a converter of ours, of which the generator can know nothing.</summary>
internal sealed class TypeShapes : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var given = context.JsonTypeInfo.Type;
        var type = Nullable.GetUnderlyingType(given) ?? given;
        var orNull = type == given ? default : JsonSchemaType.Null;
        if (type.IsEnum)
        {
            var options = context.JsonTypeInfo.Options;
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. Enum.GetValuesAsUnderlyingType(type).Cast<object>().Select(value => Name(Enum.ToObject(type, value), options.GetTypeInfo(type)))];
        }
        else if (type == typeof(DateTimeOffset))
        {
            schema.Type = JsonSchemaType.String | orNull;
            schema.Format = "date-time";
        }
        else if (type == typeof(RetryDelay))
        {
            OpenApiSchema number = new() { Type = JsonSchemaType.Number };
            schema.AnyOf =
            [
                number,
                new OpenApiSchema { Type = JsonSchemaType.Array, Items = number, MaxItems = RetryDelay.MaxCount },
            ];
        }

        return Task.CompletedTask;
    }

    private static JsonNode Name(object value, JsonTypeInfo type) => JsonSerializer.SerializeToNode(value, type)!;
}
