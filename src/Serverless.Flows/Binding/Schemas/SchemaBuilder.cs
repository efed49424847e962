using System.ComponentModel;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace Serverless.Flows.Binding;

/// <summary>
/// JSON schemas of parameters and run inputs. The outer form of parameters is Prefect's <c>parameter_openapi_schema</c>: every
/// property has its <c>position</c>, a <c>title</c> (its name) and, if it is optional, its <c>default</c>.
/// </summary>
internal static class SchemaBuilder
{
    private static readonly JsonSchemaExporterOptions Exporter = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = Annotate,
    };

    internal static string Build(IEnumerable<CallableParameter> parameters)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var parameter in parameters.Where(parameter => parameter.Kind is ParameterKind.Value))
        {
            properties[parameter.WireName] = Property(parameter, properties.Count);
            if (!parameter.HasDefault)
            {
                required.Add(parameter.WireName);
            }
        }

        var schema = new JsonObject
        {
            ["title"] = "Parameters",
            ["type"] = "object",
            ["properties"] = properties,
        };
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        schema["definitions"] = new JsonObject();
        return schema.ToJsonString(FlowJson.Options);
    }

    /// <summary>The schema of a run input.</summary>
    internal static string Build(Type type)
    {
        var schema = Export(type);
        var result = new JsonObject { ["title"] = type.Name };
        foreach (var (keyword, value) in schema)
        {
            result[keyword] = value?.DeepClone();
        }

        return result.ToJsonString(FlowJson.Options);
    }

    private static JsonObject Property(CallableParameter parameter, int position)
    {
        var schema = Export(parameter.Type);
        Rebase(schema, $"#/properties/{parameter.WireName}");
        foreach (var rule in parameter.Rules)
        {
            RuleKeywords.Add(schema, rule, parameter.Type);
        }

        if (parameter.AllowsNull)
        {
            AllowNull(schema);
        }

        if (parameter.HasDefault)
        {
            schema["default"] = JsonNode.Parse(parameter.ToJson(parameter.Default, "a method, its default,"));
        }

        if (parameter.Description is { } description)
        {
            schema["description"] = description;
        }

        schema["position"] = position;
        schema["title"] = parameter.WireName;
        return schema;
    }

    /// <summary>Types without a schema of their own ("any JSON") become an empty object.</summary>
    private static JsonObject Export(Type type) => FlowJson.Schemas.GetJsonSchemaAsNode(type, Exporter) as JsonObject ?? [];

    private static JsonNode Annotate(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema)
        {
            return node;
        }

        schema.Remove("$comment");
        if (schema.ContainsKey("enum") && !schema.ContainsKey("type"))
        {
            schema["type"] = Nullable.GetUnderlyingType(context.TypeInfo.Type) is null ? "string" : new JsonArray("string", "null");
        }

        TypeKeywords.Add(schema, context.TypeInfo.Type);
        if (context.PropertyInfo is { } property)
        {
            foreach (var rule in ValueRules.Of(property))
            {
                RuleKeywords.Add(schema, rule, property.PropertyType);
            }

            var description = DescriptionOf(property.AttributeProvider) ?? DescriptionOf(property.AssociatedParameter?.AttributeProvider);
            if (description is not null)
            {
                schema["description"] = description;
            }
        }

        return schema;
    }

    private static string? DescriptionOf(ICustomAttributeProvider? provider) =>
        provider
            ?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: true)
            .OfType<DescriptionAttribute>()
            .FirstOrDefault()
            ?.Description;

    private static void AllowNull(JsonObject schema)
    {
        if (schema["type"] is JsonValue type)
        {
            schema["type"] = new JsonArray(type.DeepClone(), "null");
        }

        if (schema["enum"] is JsonArray values && values.All(value => value is not null))
        {
            values.Add(null);
        }
    }

    /// <summary>The exporter's references count from the value's own schema; here that is a part of a larger one.</summary>
    private static void Rebase(JsonNode? node, string root)
    {
        switch (node)
        {
            case JsonArray items:
                foreach (var item in items)
                {
                    Rebase(item, root);
                }

                break;
            case JsonObject schema:
                foreach (var (_, value) in schema)
                {
                    Rebase(value, root);
                }

                if (schema["$ref"] is JsonValue reference && reference.TryGetValue(out string? target) && target.StartsWith('#'))
                {
                    schema["$ref"] = root + target[1..];
                }

                break;
        }
    }
}
