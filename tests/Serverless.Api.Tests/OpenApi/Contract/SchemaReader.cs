using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Serverless.Api.Tests.OpenApi.Contract;

/// <summary>Writes the schemas of a document in the short form of <see cref="ContractFacts"/>.</summary>
/// <param name="schemas">The schemas by name.</param>
internal sealed class SchemaReader(JsonObject schemas)
{
    private const int LongestPattern = 200;

    private const string Prefix = "#/components/schemas/";

    // Choices that say the same together.
    private static readonly HashSet<string> Everything = ["[any]", "{any}", "boolean", "null", "number", "string"];

    // Choices that say nothing beside another one.
    private static readonly (string Narrow, string Wide)[] Narrower = [("integer", "number"), ("[integer]", "[number]")];

    private readonly Queue<(string Name, JsonObject Schema)> _waiting = [];
    private readonly HashSet<string> _known = [];

    /// <summary>The schemas that were named by what was read, and those that they name.</summary>
    public SortedDictionary<string, ContractSchema> Read()
    {
        SortedDictionary<string, ContractSchema> read = new(StringComparer.Ordinal);
        while (_waiting.TryDequeue(out var next))
        {
            HashSet<string> required = [.. (next.Schema["required"]?.AsArray() ?? []).Select(name => name!.GetValue<string>())];
            read.Add(
                next.Name,
                new ContractSchema(
                    next.Schema["additionalProperties"] is JsonValue others && others.GetValueKind() == JsonValueKind.False,
                    new SortedDictionary<string, string>(
                        next.Schema["properties"]!
                            .AsObject()
                            .ToDictionary(
                                member => member.Key + (required.Contains(member.Key) ? "!" : null),
                                member => TypeOf(member.Value!, withDefault: true, $"{next.Name}.{member.Key}")
                            ),
                        StringComparer.Ordinal
                    )
                )
            );
        }

        return read;
    }

    /// <summary>The type that a schema stands for.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="withDefault">Whether its default belongs to it.</param>
    /// <param name="place">A name for an object that has none.</param>
    public string TypeOf(JsonNode schema, bool withDefault = false, string place = "?")
    {
        var choices = Choices(schema, place).ToHashSet();
        choices.ExceptWith(Narrower.Where(pair => choices.Contains(pair.Wide)).Select(pair => pair.Narrow).ToList());
        var type = choices.Contains("any") || Everything.IsSubsetOf(choices) ? "any" : Joined(choices);
        return withDefault && Default(schema) is { } value ? $"{type} = {value}" : type;
    }

    private IEnumerable<string> Choices(JsonNode schema, string place)
    {
        if (schema["$ref"] is { } reference)
        {
            var name = reference.GetValue<string>()[Prefix.Length..];
            var target = schemas[name]!.AsObject();
            return target["properties"] is null || target["anyOf"] is not null ? Choices(target, name) : [Named(name, target)];
        }

        return (schema["anyOf"] ?? schema["oneOf"]) is JsonArray choices
                ? choices.SelectMany((choice, index) => Choices(choice!, $"{place}.{index}"))
            : schema["allOf"] is JsonArray { Count: 1 } only ? Choices(only[0]!, place)
            : schema["enum"] is JsonArray values ? [Enum(values)]
            : schema["const"] is { } constant ? [$"enum({constant})"]
            : schema["type"] is JsonArray types ? types.Select(type => Simple(type!.GetValue<string>(), schema, place))
            : schema["type"] is { } type ? [Simple(type.GetValue<string>(), schema, place)]
            : ["any"];
    }

    private static string Enum(JsonArray values)
    {
        var names = values.OfType<JsonNode>().Select(value => value.GetValue<string>()).Order(StringComparer.Ordinal);
        return $"enum({string.Join(", ", names)})";
    }

    private string Simple(string type, JsonNode schema, string place) =>
        type switch
        {
            "null" => type,
            "array" => $"[{Items(schema, place)}]{Bounds(schema, "array")}",
            "object" when schema["properties"] is not null => Named(place, schema.AsObject()),
            "object" => $"{{{(schema["additionalProperties"] is JsonObject item ? TypeOf(item, place: place) : "any")}}}",
            "string" when schema["format"] is { } format => $"string:{format}{Bounds(schema, type)}",
            _ => type + Bounds(schema, type),
        };

    private string Items(JsonNode schema, string place) =>
        schema["prefixItems"] is JsonArray items
            ? Joined(items.Select(item => TypeOf(item!, place: place)))
            : TypeOf(schema["items"] ?? new JsonObject(), place: place);

    /// <summary>Schemas come in the order of their document, because their names may be others in another one.</summary>
    private static string Joined(IEnumerable<string> choices) =>
        string.Join(
            " | ",
            choices
                .Distinct()
                .OrderBy(choice =>
                    choice == "null" ? 2
                    : choice[0] == '#' ? 1
                    : 0
                )
                .ThenBy(choice => choice[0] == '#' ? string.Empty : choice, StringComparer.Ordinal)
        );

    private string Named(string name, JsonObject schema)
    {
        if (_known.Add(name))
        {
            _waiting.Enqueue((name, schema));
        }

        return $"#{name}";
    }

    private static string Bounds(JsonNode schema, string type)
    {
        // Of whole numbers there is another way to say it.
        if (type == "integer" && schema["exclusiveMinimum"] is { } below)
        {
            return $" >={Number(below, 1)}";
        }

        (string Name, string Sign)[] bounds = type switch
        {
            "array" => [("minItems", "items>="), ("maxItems", "items<=")],
            "string" => [("minLength", "length>="), ("maxLength", "length<="), ("pattern", "pattern ")],
            _ => [("minimum", ">="), ("exclusiveMinimum", ">"), ("maximum", "<="), ("exclusiveMaximum", "<")],
        };
        return string.Concat(
            from bound in bounds
            let value = schema[bound.Name]
            where value is not null && !(bound.Name is "minItems" or "minLength" && value.GetValue<int>() == 0)
            select $" {bound.Sign}{(bound.Name == "pattern" ? Pattern(value.GetValue<string>()) : Number(value))}"
        );
    }

    /// <summary>A long one is a list of names, of which the number is enough.</summary>
    private static string Pattern(string pattern) => pattern.Length <= LongestPattern ? pattern : $"of_{pattern.Split('|').Length}_names";

    private static string Number(JsonNode value, int more = 0) =>
        (value.GetValue<double>() + more).ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Nothing, an empty list and an empty object are what nearly every member has; documents seldom say so.</summary>
    private static string? Default(JsonNode schema) =>
        schema["default"] switch
        {
            null or JsonArray { Count: 0 } or JsonObject => null,
            JsonValue value when value.GetValueKind() == JsonValueKind.Number => Number(value),
            var value => value.ToJsonString(),
        };
}
