using System.Text.Json;

namespace Serverless.Web.Forms;

/// <summary>Makes the fields of a form from a JSON schema of an object. What has no input of its own is entered as JSON.</summary>
internal static class SchemaFields
{
    private const int MostFields = 200;
    private const int Deepest = 4;

    /// <summary>The fields; none when the schema has no properties.</summary>
    public static IReadOnlyList<SchemaField> Of(JsonElement? schema) =>
        schema is { ValueKind: JsonValueKind.Object } root ? Members(root, root, "$", 0) : [];

    private static List<SchemaField> Members(JsonElement root, JsonElement schema, string path, int depth)
    {
        if (!schema.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        var required =
            schema.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array
                ? names.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!).ToHashSet()
                : [];
        return
        [
            .. properties
                .EnumerateObject()
                .Take(MostFields)
                .OrderBy(property => Number(property.Value, "position"))
                .Select(property =>
                    Field(root, property.Value, $"{path}.{property.Name}", property.Name, required.Contains(property.Name), depth)
                ),
        ];
    }

    private static SchemaField Field(JsonElement root, JsonElement declared, string path, string name, bool isRequired, int depth)
    {
        var schema = Resolve(root, declared, out var isNullable);
        SchemaField field = new(path, name, Text(declared, "title") ?? Text(schema, "title") ?? name, KindOf(schema, depth))
        {
            Description = Text(declared, "description") ?? Text(schema, "description"),
            IsRequired = isRequired,
            IsNullable = isNullable,
            Default = Member(declared, "default") ?? Member(schema, "default"),
        };
        return field.Kind switch
        {
            FieldKind.Choice => field with
            {
                Options = [.. schema.GetProperty("enum").EnumerateArray().Where(one => one.ValueKind != JsonValueKind.Null)],
            },
            FieldKind.Group => field with { Fields = Members(root, schema, path, depth + 1) },
            _ => field,
        };
    }

    private static FieldKind KindOf(JsonElement schema, int depth)
    {
        if (Member(schema, "enum") is { ValueKind: JsonValueKind.Array })
        {
            return FieldKind.Choice;
        }

        return TypeOf(schema) switch
        {
            "string" => Text(schema, "format") == "date" ? FieldKind.Date : FieldKind.Text,
            "integer" => FieldKind.WholeNumber,
            "number" => FieldKind.Number,
            "boolean" => FieldKind.Boolean,
            "object" when depth < Deepest && Member(schema, "properties") is { ValueKind: JsonValueKind.Object } => FieldKind.Group,
            _ => FieldKind.Json,
        };
    }

    private static string? TypeOf(JsonElement schema) =>
        Member(schema, "type") switch
        {
            { ValueKind: JsonValueKind.String } type => type.GetString(),
            { ValueKind: JsonValueKind.Array } types when types.EnumerateArray().Where(IsNotNull).ToList() is [var only] =>
                only.GetString(),
            _ => null,
        };

    private static bool IsNotNull(JsonElement type) => type.ValueKind == JsonValueKind.String && type.GetString() != "null";

    /// <summary>Follows references, and takes the one schema beside <c>null</c>.</summary>
    private static JsonElement Resolve(JsonElement root, JsonElement schema, out bool isNullable)
    {
        isNullable = false;
        for (var steps = 0; steps < 10 && schema.ValueKind == JsonValueKind.Object; steps++)
        {
            if (Text(schema, "$ref") is { } reference && Find(root, reference) is { } found)
            {
                schema = found;
            }
            else if (Only(schema, "allOf") is { } whole)
            {
                schema = whole;
            }
            else if ((Beside(schema, "anyOf") ?? Beside(schema, "oneOf")) is { } beside)
            {
                isNullable = true;
                schema = beside;
            }
            else
            {
                break;
            }
        }

        isNullable |= Member(schema, "type") is { ValueKind: JsonValueKind.Array } types && !types.EnumerateArray().All(IsNotNull);
        return schema;
    }

    private static JsonElement? Find(JsonElement root, string reference)
    {
        if (!reference.StartsWith("#/", StringComparison.Ordinal))
        {
            return null;
        }

        var at = root;
        foreach (var step in reference[2..].Split('/'))
        {
            if (Member(at, step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)) is not { } next)
            {
                return null;
            }

            at = next;
        }

        return at;
    }

    private static JsonElement? Only(JsonElement schema, string name) =>
        Member(schema, name) is { ValueKind: JsonValueKind.Array } all && all.GetArrayLength() == 1 ? all[0] : null;

    private static JsonElement? Beside(JsonElement schema, string name)
    {
        if (Member(schema, name) is not { ValueKind: JsonValueKind.Array } all)
        {
            return null;
        }

        var others = all.EnumerateArray().Where(one => Text(one, "type") != "null").ToList();
        return others is [var other] && all.GetArrayLength() == 2 ? other : null;
    }

    private static JsonElement? Member(JsonElement schema, string name) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement schema, string name) =>
        Member(schema, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static double Number(JsonElement schema, string name) =>
        Member(schema, name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : double.MaxValue;
}
