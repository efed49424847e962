using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Serverless.Api.Http.Binding;
using Serverless.Core.Models;
using Serverless.Core.Validation;

namespace Serverless.Api.OpenApi;

/// <summary>
/// Completes the schemas of objects: of bodies with what their binding does (defaults, lengths of texts, whether unknown members are
/// refused), and of answers with what is always there.
/// </summary>
internal sealed partial class MemberDetails : IOpenApiDocumentTransformer
{
    private static readonly HashSet<Type> WithSchedule =
    [
        typeof(DeploymentSchedule),
        typeof(DeploymentScheduleCreate),
        typeof(DeploymentScheduleUpdate),
        typeof(Bodies.SchedulePreviewBody),
    ];

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        UnionSchemas.AddTo(document);
        var metadata = context
            .DescriptionGroups.SelectMany(group => group.Items)
            .SelectMany(operation => operation.ActionDescriptor.EndpointMetadata)
            .ToList();
        var bodies = WireTypes.Below(metadata.OfType<IAcceptsMetadata>().Select(body => body.RequestType).OfType<Type>());
        var answers = WireTypes.Below(
            metadata
                .OfType<IProducesResponseTypeMetadata>()
                .Select(answer => answer.Type)
                .OfType<Type>()
                .Where(type => type != typeof(void))
                .Append(typeof(GraphNode))
        );
        foreach (var type in bodies.Values.Concat(answers.Values.ExceptBy(bodies.Keys, type => type.Type)))
        {
            if (Find(document, type) is { } schema)
            {
                Complete(schema, type, document, isBody: bodies.ContainsKey(type.Type));
            }
        }

        return Task.CompletedTask;
    }

    private static OpenApiSchema? Find(OpenApiDocument document, JsonTypeInfo type) =>
        SchemaNames.Of(type) is { } name && document.Components!.Schemas!.TryGetValue(name, out var schema)
            ? schema as OpenApiSchema
            : null;

    private static void Complete(OpenApiSchema schema, JsonTypeInfo type, OpenApiDocument document, bool isBody)
    {
        schema.Description = Plain(schema.Description);
        if (type.Type == typeof(TaskRunInput))
        {
            schema.Type = null;
            schema.Properties = null;
            schema.AnyOf = UnionSchemas.TaskInputs(document);
            return;
        }

        if (isBody && BodyValidation.IsStrict(type.Type))
        {
            schema.AdditionalPropertiesAllowed = false;
            if (BodyValidation.Tolerated(type.Type) is { } ignored)
            {
                schema.Properties!.Add(ignored, new OpenApiSchema { Description = "Taken, and ignored." });
            }
        }

        var defaults = isBody ? BodyDefaults.Of(type) : [];
        foreach (var member in type.Properties)
        {
            if (schema.Properties is null || !schema.Properties.TryGetValue(member.Name, out var described))
            {
                continue;
            }

            foreach (var one in described.OneOf?.Prepend(described) ?? [described])
            {
                one.Description = Plain(one.Description);
            }

            if (!isBody && member.ShouldSerialize is null)
            {
                schema.Required ??= new HashSet<string>();
                schema.Required.Add(member.Name);
            }

            if (described is OpenApiSchemaReference reference)
            {
                reference.Default = defaults.GetValueOrDefault(member.Name);
            }
            else if (described is OpenApiSchema own)
            {
                CompleteMember(own, member, defaults.GetValueOrDefault(member.Name), isBody);
                if (member.Name == "schedule" && WithSchedule.Contains(type.Type))
                {
                    own.AnyOf = UnionSchemas.Schedules(document);
                    if (member.PropertyType != typeof(JsonElement))
                    {
                        own.AnyOf.Add(new OpenApiSchema { Type = JsonSchemaType.Null });
                    }
                }
            }
        }
    }

    private static void CompleteMember(OpenApiSchema schema, JsonPropertyInfo member, JsonNode? value, bool isBody)
    {
        schema.Default ??= value;

        // No bound: it is the end of what the type can hold.
        if (schema.Maximum is { } most && double.Parse(most, CultureInfo.InvariantCulture) is int.MaxValue or double.MaxValue)
        {
            schema.Maximum = null;
        }

        var attributes = member.AttributeProvider!;
        if (attributes.GetCustomAttributes(typeof(AllowedValuesAttribute), inherit: true) is [AllowedValuesAttribute allowed])
        {
            schema.Enum = [.. allowed.Values.Select(one => JsonValue.Create((string)one!))];
        }

        if (attributes.IsDefined(typeof(VariableNameAttribute), inherit: true))
        {
            schema.MaxLength = VariableNameAttribute.Longest;
        }
        else if (isBody && !attributes.IsDefined(typeof(AnyLengthAttribute), inherit: true))
        {
            Limit(schema);
        }
    }

    /// <summary>Texts, and texts in lists and dictionaries, of which nothing else is said.</summary>
    private static void Limit(OpenApiSchema schema)
    {
        if (schema is { Type: { } type, Format: null, MaxLength: null, Enum: null or [] } && type.HasFlag(JsonSchemaType.String))
        {
            schema.MaxLength = BodyRules.LongestText;
        }

        foreach (var inner in new[] { schema.Items, schema.AdditionalProperties }.OfType<OpenApiSchema>())
        {
            Limit(inner);
        }
    }

    /// <summary>
    /// The generator writes what a comment refers to as it is declared, <c>int? Flow.MaxRetries</c>; here it is the member's name.
    /// </summary>
    private static string? Plain(string? description) =>
        description is null
            ? null
            : Declared().Replace(description, match => $"`{JsonNamingPolicy.SnakeCaseLower.ConvertName(match.Groups["name"].Value)}`");

    [GeneratedRegex(@"[\w<>]+\?? [A-Z]\w+\.(?<name>[A-Z]\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Declared();
}
