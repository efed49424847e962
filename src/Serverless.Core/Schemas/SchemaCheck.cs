using System.Text.Json;

namespace Serverless.Core.Schemas;

/// <summary>Whether a schema is one: whether the keywords on which validation rests have the form that they must have.</summary>
public static class SchemaCheck
{
    private const int MostDepth = 64;

    private static readonly string[] Types = ["array", "boolean", "integer", "null", "number", "object", "string"];
    private static readonly string[] SchemasByName = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];
    private static readonly string[] ListsOfSchemas = ["allOf", "anyOf", "oneOf", "prefixItems"];
    private static readonly string[] Schemas = ["items", "additionalProperties", "not", "contains", "propertyNames"];

    /// <summary>The first flaw, in the words of Python's jsonschema; null for none.</summary>
    /// <param name="schema">The schema.</param>
    public static string? Find(JsonElement schema) => Find(schema, 0);

    private static string? Find(JsonElement schema, int depth)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False || depth > MostDepth)
        {
            return null;
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            return $"{SchemaText.Show(schema)} is not of type 'object', 'boolean'";
        }

        foreach (var member in schema.EnumerateObject())
        {
            if (FindIn(member.Name, member.Value, depth + 1) is { } flaw)
            {
                return flaw;
            }
        }

        return null;
    }

    private static string? FindIn(string name, JsonElement value, int depth)
    {
        switch (name)
        {
            case "type":
                return IsType(value) ? null : $"{SchemaText.Show(value)} is not valid under any of the given schemas";
            case "required":
                return value.ValueKind != JsonValueKind.Array ? NotOf(value, "array")
                    : value.EnumerateArray().FirstOrDefault(item => item.ValueKind != JsonValueKind.String) is { } wrong
                    && wrong.ValueKind != JsonValueKind.Undefined
                        ? NotOf(wrong, "string")
                    : null;
            case "enum":
                return value.ValueKind == JsonValueKind.Array ? null : NotOf(value, "array");
            case "$ref":
                return value.ValueKind == JsonValueKind.String ? null : NotOf(value, "string");
            case var _ when SchemasByName.Contains(name):
                return value.ValueKind != JsonValueKind.Object
                    ? NotOf(value, "object")
                    : value.EnumerateObject().Select(member => Find(member.Value, depth)).FirstOrDefault(flaw => flaw is not null);
            case var _ when ListsOfSchemas.Contains(name):
                return value.ValueKind != JsonValueKind.Array
                    ? NotOf(value, "array")
                    : value.EnumerateArray().Select(item => Find(item, depth)).FirstOrDefault(flaw => flaw is not null);

            // A list of items is what pydantic wrote for tuples once.
            case var _ when Schemas.Contains(name) && !(name == "items" && value.ValueKind == JsonValueKind.Array):
                return Find(value, depth);
            default:
                return null;
        }
    }

    private static bool IsType(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => Types.Contains(value.GetString()),
            JsonValueKind.Array => value.GetArrayLength() > 0
                && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String && IsType(item)),
            _ => false,
        };

    private static string NotOf(JsonElement value, string type) => $"{SchemaText.Show(value)} is not of type '{type}'";
}
