using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Serverless.Api.Http.Binding;
using Serverless.Core.Validation;

namespace Serverless.Api.OpenApi;

/// <summary>
/// Completes the schemas of bodies with what the binding of bodies does: defaults, lengths of texts, and whether unknown members are refused.
/// </summary>
internal sealed class MemberDetails : IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var schemas = document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>();
        var bodies = context
            .DescriptionGroups.SelectMany(group => group.Items)
            .SelectMany(operation => operation.ActionDescriptor.EndpointMetadata.OfType<IAcceptsMetadata>())
            .Select(body => body.RequestType)
            .OfType<Type>();
        foreach (var type in BodyTypes.Below(bodies).Values)
        {
            if (SchemaNames.Of(type) is { } name && schemas.TryGetValue(name, out var found) && found is OpenApiSchema schema)
            {
                Complete(schema, type);
            }
        }

        foreach (var schema in schemas.Values.SelectMany(Members))
        {
            // No bound: it is the end of what the type can hold.
            if (schema.Maximum is { } most && (most == int.MaxValue.ToString(CultureInfo.InvariantCulture) || double.Parse(most, CultureInfo.InvariantCulture) >= double.MaxValue))
            {
                schema.Maximum = null;
            }
        }

        return Task.CompletedTask;
    }

    private static IEnumerable<OpenApiSchema> Members(IOpenApiSchema schema) => schema.Properties?.Values.OfType<OpenApiSchema>() ?? [];

    private static void Complete(OpenApiSchema schema, JsonTypeInfo type)
    {
        if (BodyValidation.IsStrict(type.Type))
        {
            schema.AdditionalPropertiesAllowed = false;
        }

        var defaults = BodyDefaults.Of(type);
        foreach (var member in type.Properties)
        {
            if (schema.Properties is null || !schema.Properties.TryGetValue(member.Name, out var described))
            {
                continue;
            }

            if (defaults.GetValueOrDefault(member.Name) is { } value)
            {
                Default(described, value);
            }

            if (!member.AttributeProvider!.IsDefined(typeof(AnyLengthAttribute), inherit: true))
            {
                Limit(described);
            }
        }
    }

    private static void Default(IOpenApiSchema member, JsonNode value)
    {
        switch (member)
        {
            case OpenApiSchemaReference reference:
                reference.Default = value;
                break;
            case OpenApiSchema schema:
                schema.Default = value;
                break;
        }
    }

    /// <summary>Texts, and texts in lists and dictionaries, that say nothing else.</summary>
    private static void Limit(IOpenApiSchema member)
    {
        if (member is not OpenApiSchema schema)
        {
            return;
        }

        if (schema.Type is { } type && type.HasFlag(JsonSchemaType.String) && schema is { Format: null, MaxLength: null, Enum: null or [] })
        {
            schema.MaxLength = BodyRules.LongestText;
        }

        foreach (var inner in (IOpenApiSchema?[])[schema.Items, schema.AdditionalProperties])
        {
            if (inner is not null)
            {
                Limit(inner);
            }
        }
    }
}
