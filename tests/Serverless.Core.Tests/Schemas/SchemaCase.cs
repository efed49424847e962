using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Serverless.Core.Tests.Schemas;

/// <summary>A random schema of the keywords that <c>ParameterSchema</c> knows, and a random value.</summary>
/// <param name="Schema">The schema as JSON.</param>
/// <param name="Value">The value as JSON.</param>
internal sealed record SchemaCase(string Schema, string Value)
{
    /// <summary>Schemas of draft 2020-12, which pydantic and this app write.</summary>
    public static Gen<SchemaCase> OfDraft202012 => Cases(isDraft7: false);

    /// <summary>Schemas of draft 7: definitions, and items as a list.</summary>
    public static Gen<SchemaCase> OfDraft7 => Cases(isDraft7: true);

    private static readonly string[] Names = ["a", "b", "x1"];

    // As they are written, since that is what the two may read differently.
    private static readonly Gen<string> Numbers = Gen.Elements(
        "0",
        "-0.0",
        "1",
        "1.0",
        "2",
        "3",
        "-1",
        "0.1",
        "0.3",
        "1.5",
        "10",
        "1e1",
        "0.5e1",
        "12345678901234567890"
    );

    // JsonSchema.Net compares these, but cannot tell whether two of them are equal: they are limits and never values.
    private static readonly Gen<string> FarNumbers = Gen.Elements("1e30", "-1e30", "1e-30", "79228162514264337593543950336");

    private static readonly Gen<string> Strings = Gen.Elements(
            "",
            "a",
            "aa",
            "ab",
            "b",
            "x1",
            "aab",
            "1",
            "null",
            "é",
            "\uD83D\uDE00",
            "\uD83D\uDE00a",
            "2026-02-28",
            "2026-02-30",
            "2026-02-28T01:02:03Z",
            "2026-02-28T01:02:03.5+02:00",
            "2026-02-28 01:02:03Z",
            "2026-02-28T25:02:03Z",
            "02/28/2026 01:02:03",
            "2026-02-28T1:02 PM",
            "0197fe20-1111-7222-8333-444455556666",
            "0197fe20-1111-7222-8333-44445555666"
        )
        .Select(text => JsonSerializer.Serialize(text));

    private static readonly Gen<string> Leaves = Gen.OneOf(Numbers, Strings, Gen.Elements("null", "true", "false"));

    private static readonly Gen<string> Counts = Gen.Elements("0", "1", "2", "3", "1.0");

    private static readonly Gen<string> Patterns = Gen.Elements("^a", "b$", "^a+$", "[0-9]", "^x", "^(a|b)*$", "")
        .Select(text => JsonSerializer.Serialize(text));

    public override string ToString() => $"{Value} by {Schema}";

    private static Gen<SchemaCase> Cases(bool isDraft7) =>
        from definition in Schemas(2, isDraft7)
        from schema in Schemas(3, isDraft7)
        from value in Values(2)
        select new SchemaCase(WithDefinitions(schema, definition, isDraft7 ? "definitions" : "$defs"), value);

    private static string WithDefinitions(string schema, string definition, string keyword)
    {
        if (JsonNode.Parse(schema) is not JsonObject root)
        {
            return schema;
        }

        root[keyword] = new JsonObject { ["D"] = JsonNode.Parse(definition) };
        return root.ToJsonString();
    }

    private static Gen<string> Values(int depth) =>
        depth == 0
            ? Leaves
            : Gen.Frequency(
                (4, Leaves),
                (3, Lists(Values(depth - 1), 0, 3).Select(items => $"[{string.Join(',', items)}]")),
                (4, Members(Values(depth - 1)))
            );

    private static Gen<string> Schemas(int depth, bool isDraft7) =>
        Gen.Frequency(
            (1, Gen.Elements("true", "false", "{}")),
            (12, Lists(Keywords(depth, isDraft7), 1, 3).Select(keywords => Join(keywords, isDraft7)))
        );

    // References go into the definition, which has none itself, so that no schema goes in circles.
    private static Gen<string> Keywords(int depth, bool isDraft7)
    {
        var plain = Gen.OneOf(
            Gen.Elements("string", "number", "integer", "boolean", "object", "array", "null").Select(type => $"\"type\":\"{type}\""),
            Gen.Elements("[\"string\",\"null\"]", "[\"integer\",\"object\"]", "[\"array\",\"object\",\"number\"]")
                .Select(types => $"\"type\":{types}"),
            from keyword in Gen.Elements("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
            from limit in Gen.Frequency((5, Numbers), (1, FarNumbers))
            select $"\"{keyword}\":{limit}",
            Gen.Elements("1", "2", "0.1", "0.5", "1.5", "1e1").Select(factor => $"\"multipleOf\":{factor}"),
            from keyword in Gen.Elements("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
            from limit in Counts
            select $"\"{keyword}\":{limit}",
            Patterns.Select(pattern => $"\"pattern\":{pattern}"),
            Gen.Elements("uuid", "date", "date-time", "unheard-of").Select(format => $"\"format\":\"{format}\""),
            Gen.Elements("\"uniqueItems\":true", "\"uniqueItems\":false"),
            Gen.SubListOf(Names).Select(names => $"\"required\":{JsonSerializer.Serialize(names)}"),
            Lists(Values(1), 0, 4).Select(choices => $"\"enum\":[{string.Join(',', choices)}]"),
            Values(2).Select(only => $"\"const\":{only}")
        );
        if (depth == 0)
        {
            return plain;
        }

        var inner = Schemas(depth - 1, isDraft7);
        var some = Lists(inner, 1, 3).Select(list => $"[{string.Join(',', list)}]");
        var nested = Gen.OneOf(
            from keyword in Gen.Elements("allOf", "anyOf", "oneOf")
            from list in some
            select $"\"{keyword}\":{list}",
            inner.Select(schema => $"\"not\":{schema}"),
            inner.Select(schema => $"\"items\":{schema}"),
            isDraft7
                ? from first in some
                from rest in inner
                select $"\"items\":{first},\"additionalItems\":{rest}"
                : from first in some
                from rest in inner
                select $"\"prefixItems\":{first},\"items\":{rest}",
            Members(inner).Select(members => $"\"properties\":{members}"),
            from members in Members(inner)
            from rest in inner
            select $"\"properties\":{members},\"additionalProperties\":{rest}",
            Members(inner).Select(members => $"\"properties\":{members},\"additionalProperties\":false"),
            from pattern in Patterns
            from schema in inner
            select $"\"patternProperties\":{{{pattern}:{schema}}}"
        );
        var reference = Gen.Constant($"\"$ref\":\"#/{(isDraft7 ? "definitions" : "$defs")}/D\"");
        return depth == 3 ? Gen.Frequency((4, plain), (5, nested), (1, reference)) : Gen.Frequency((4, plain), (3, nested));
    }

    private static Gen<IEnumerable<string>> Lists(Gen<string> items, int shortest, int longest) =>
        Gen.Choose(shortest, longest).SelectMany(count => Gen.ListOf(items, count)).Select(list => list.AsEnumerable());

    private static Gen<string> Members(Gen<string> values) =>
        from names in Gen.SubListOf(Names)
        from contents in Gen.ListOf(values, names.Count)
        select $"{{{string.Join(',', names.Zip(contents, (name, content) => $"\"{name}\":{content}"))}}}";

    // Each keyword stands once. Beside a reference draft 7 ignores everything, so nothing is put there.
    private static string Join(IEnumerable<string> keywords, bool isDraft7)
    {
        JsonObject schema = [];
        foreach (var keyword in keywords)
        {
            foreach ((var name, var content) in JsonNode.Parse($"{{{keyword}}}")!.AsObject())
            {
                schema[name] = content?.DeepClone();
            }
        }

        return isDraft7 && schema["$ref"] is { } reference ? $"{{\"$ref\":{reference.ToJsonString()}}}" : schema.ToJsonString();
    }
}
