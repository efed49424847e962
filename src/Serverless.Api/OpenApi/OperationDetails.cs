using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Serverless.Api.Http.Binding;
using Serverless.Api.Security;

namespace Serverless.Api.OpenApi;

/// <summary>Completes operations with what all of them have, and with what endpoints read by themselves.</summary>
internal sealed class OperationDetails : IOpenApiOperationTransformer
{
    private const string Json = "application/json";

    public async Task TransformAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            parameter.Name = JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Name!);
        }

        foreach (var read in metadata.OfType<QueryParameter>())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(
                new OpenApiParameter
                {
                    Name = read.Name,
                    In = ParameterLocation.Query,
                    Required = read.IsRequired,
                    Schema = await context.GetOrCreateSchemaAsync(read.Type, cancellationToken: cancellationToken),
                }
            );
        }

        AddRefusals(operation, context);
        if (operation.RequestBody?.Content is { } content)
        {
            // Other media types of JSON are taken as well, and mean the same.
            content.Remove("application/*+json");
            var limit = metadata.OfType<BodyLimit>().LastOrDefault()?.Bytes ?? BodyLimit.Small;
            operation.RequestBody.Description = $"At most {limit.ToString(CultureInfo.InvariantCulture)} bytes.";
        }

        if (
            context.ApplicationServices.GetRequiredService<ApiCredentials>().AreRequired
            && context.Description.RelativePath is "api/health" or "api/ready"
        )
        {
            operation.Security = [];
        }
    }

    private static void AddRefusals(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var document = context.Document!;
        operation.Responses ??= [];
        List<int> statuses = [StatusCodes.Status422UnprocessableEntity];
        if (operation.RequestBody is not null)
        {
            statuses.AddRange([StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType]);
        }

        if (operation.Parameters?.Any(parameter => parameter.In == ParameterLocation.Path) == true)
        {
            statuses.Add(StatusCodes.Status404NotFound);
        }

        if (context.ApplicationServices.GetRequiredService<ApiCredentials>().AreRequired)
        {
            statuses.Add(StatusCodes.Status401Unauthorized);
        }

        foreach (var status in statuses)
        {
            operation.Responses.TryAdd(
                status.ToString(CultureInfo.InvariantCulture),
                new OpenApiResponse { Description = ReasonPhrases.GetReasonPhrase(status) }
            );
        }

        foreach ((var status, var response) in operation.Responses)
        {
            if (response is OpenApiResponse refusal && int.Parse(status, CultureInfo.InvariantCulture) is >= 400 and var code)
            {
                refusal.Content = Content(RefusalSchemas.For(code, document));
            }
        }

        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "Any other failure. 503 has Retry-After.",
            Content = Content(RefusalSchemas.For(StatusCodes.Status500InternalServerError, document)),
        };
    }

    private static Dictionary<string, OpenApiMediaType> Content(IOpenApiSchema schema) =>
        new() { [Json] = new OpenApiMediaType { Schema = schema } };
}
