using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Core.Schemas;
using Serverless.Web.Http;

namespace Serverless.Web.Forms;

/// <summary>Reads the values of a form that was made from a schema. An empty field is not given.</summary>
internal static class SchemaFormReader
{
    /// <summary>The name of the field with all values as JSON.</summary>
    public const string JsonName = "_json";

    /// <summary>The name of the box that makes the JSON count.</summary>
    public const string UseJsonName = "_use_json";

    /// <summary>Reads it.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="form">What was sent.</param>
    /// <param name="values">The values.</param>
    /// <returns>The form as it was sent, with what is wrong in it before the schema is asked.</returns>
    public static SchemaFormModel Read(JsonElement? schema, PageForm form, out IReadOnlyDictionary<string, JsonElement> values)
    {
        var fields = SchemaFields.Of(schema);
        List<SchemaError> errors = [];
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        var usesJson = form.Flag(UseJsonName) || fields.Count == 0;
        var json = form.Text(JsonName) ?? "{}";
        var read = usesJson ? ReadJson(json, errors) : ReadFields(fields, form, texts, errors);
        values = read is null
            ? JsonObjects.Empty
            : read.Deserialize(WireJson.TypeInfo<IReadOnlyDictionary<string, JsonElement>>()) ?? JsonObjects.Empty;
        return new SchemaFormModel(fields, texts)
        {
            Errors = errors,
            Json = json,
            UsesJson = usesJson,
        };
    }

    private static JsonObject? ReadJson(string json, List<SchemaError> errors)
    {
        try
        {
            if (JsonNode.Parse(json) is JsonObject values)
            {
                return values;
            }

            errors.Add(new SchemaError("$", "The JSON must be an object: {\"name\": value}."));
        }
        catch (JsonException wrong)
        {
            errors.Add(new SchemaError("$", $"This is no JSON: {wrong.Message}"));
        }

        return null;
    }

    private static JsonObject ReadFields(
        IReadOnlyList<SchemaField> fields,
        PageForm form,
        Dictionary<string, string> texts,
        List<SchemaError> errors
    )
    {
        JsonObject values = [];
        foreach (var field in fields)
        {
            if (field.Kind == FieldKind.Group)
            {
                var group = ReadFields(field.Fields, form, texts, errors);
                if (group.Count > 0 || field.IsRequired)
                {
                    values[field.Name] = group;
                }

                continue;
            }

            // A text keeps its spaces; a field that shows nothing but spaces is empty.
            var text = form.Fields[field.Path] is [{ } sent, ..] ? sent : "";
            texts[field.Path] = text;
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            try
            {
                values[field.Name] = Value(field, text);
            }
            catch (FormatException wrong)
            {
                errors.Add(new SchemaError(field.Path, wrong.Message));
            }
        }

        return values;
    }

    private static JsonNode? Value(SchemaField field, string text) =>
        field.Kind switch
        {
            FieldKind.WholeNumber => Number(text, "This is no whole number."),
            FieldKind.Number => Number(text, "This is no number."),
            FieldKind.Boolean => text.Trim() == "true",
            FieldKind.Choice => field
                .Options.Where(option => SchemaFormModel.TextOf(option) == text)
                .Select(option => JsonNode.Parse(option.GetRawText()))
                .FirstOrDefault()
                ?? throw new FormatException("This is none of the values to choose from."),
            FieldKind.Json => Parse(text),
            _ => text,
        };

    /// <summary>As it was written, because a number of JSON may have more digits than one of .NET.</summary>
    private static JsonValue Number(string text, string otherwise) =>
        decimal.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out _) && Parse(text) is JsonValue number
            ? number
            : throw new FormatException(otherwise);

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException wrong)
        {
            throw new FormatException($"This is no JSON: {wrong.Message}", wrong);
        }
    }
}
