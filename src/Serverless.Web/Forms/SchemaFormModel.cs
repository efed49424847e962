using System.Text.Json;
using Serverless.Core.Json;
using Serverless.Core.Schemas;
using Serverless.Web.Shared;

namespace Serverless.Web.Forms;

/// <summary>A form made from a schema, with what is in its fields and what is wrong there.</summary>
/// <param name="Fields">The fields.</param>
/// <param name="Texts">What is in them, by path.</param>
public sealed record SchemaFormModel(IReadOnlyList<SchemaField> Fields, IReadOnlyDictionary<string, string> Texts)
{
    private const string Missing = "' is a required property";

    /// <summary>What is wrong, by path.</summary>
    public IReadOnlyList<SchemaError> Errors
    {
        get;
        init => field = [.. value.Select(AtItsField)];
    } = [];

    /// <summary>All values as JSON.</summary>
    public string Json { get; init; } = "{}";

    /// <summary>Whether the JSON counts, and not the fields.</summary>
    public bool UsesJson { get; init; }

    /// <summary>The form with some values in it.</summary>
    public static SchemaFormModel Of(JsonElement? schema, IReadOnlyDictionary<string, JsonElement> values)
    {
        var fields = SchemaFields.Of(schema);
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        Fill(fields, name => values.TryGetValue(name, out var value) ? value : null, texts);
        return new SchemaFormModel(fields, texts)
        {
            Json = Looks.Json(JsonSerializer.SerializeToElement(values, WireJson.TypeInfo<IReadOnlyDictionary<string, JsonElement>>())),
            UsesJson = fields.Count == 0,
        };
    }

    /// <summary>What is wrong with a field and what is in it, in one line; null when nothing is.</summary>
    public string? ErrorOf(string path)
    {
        var own = Errors.Where(error =>
            error.Path == path
            || error.Path.StartsWith(path + ".", StringComparison.Ordinal)
            || error.Path.StartsWith(path + "[", StringComparison.Ordinal)
        );
        return string.Join(" ", own.Select(error => error.Message)) is { Length: > 0 } text ? text : null;
    }

    /// <summary>What is wrong that no field has.</summary>
    public IEnumerable<string> OtherErrors =>
        Errors
            .Where(error =>
                UsesJson || !Fields.Any(one => ErrorOf(one.Path) is not null && error.Path.StartsWith(one.Path, StringComparison.Ordinal))
            )
            .Select(error => error.ToString());

    /// <summary>The text of a value in an input.</summary>
    public static string TextOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Null or JsonValueKind.Undefined => "",
            _ => value.GetRawText(),
        };

    /// <summary>What a schema says of a member that is missing, it says of the object; here it stands beside the field.</summary>
    private static SchemaError AtItsField(SchemaError error) =>
        error.Message.EndsWith(Missing, StringComparison.Ordinal) && error.Message.StartsWith('\'')
            ? error with
            {
                Path = $"{error.Path}.{error.Message[1..^Missing.Length]}",
            }
            : error;

    private static void Fill(IReadOnlyList<SchemaField> fields, Func<string, JsonElement?> values, Dictionary<string, string> texts)
    {
        foreach (var field in fields)
        {
            var value = values(field.Name) ?? field.Default;
            if (field.Kind == FieldKind.Group)
            {
                Fill(
                    field.Fields,
                    name => value is { ValueKind: JsonValueKind.Object } group && group.TryGetProperty(name, out var own) ? own : null,
                    texts
                );
            }
            else if (value is { ValueKind: not JsonValueKind.Null and not JsonValueKind.Undefined } known)
            {
                texts[field.Path] = field.Kind == FieldKind.Json ? Looks.Json(known) : TextOf(known);
            }
        }
    }
}
