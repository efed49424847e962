using System.Text.Json.Nodes;

namespace Serverless.Core.Tests.Schemas;

/// <summary>
/// Writes a schema in the forms of draft 4 and OpenAPI: <c>exclusiveMinimum: true</c> beside <c>minimum</c>, <c>nullable</c>.
/// </summary>
internal static class OlderForm
{
    // What holds for null, too: a schema with one of these does not allow null just because its type does.
    private static readonly string[] AnyType = ["$ref", "allOf", "anyOf", "const", "enum", "not", "oneOf"];

    public static string Of(string schema)
    {
        var node = JsonNode.Parse(schema)!;
        Rewrite(node);
        return node.ToJsonString();
    }

    private static void Rewrite(JsonNode? schema)
    {
        if (schema is not JsonObject keywords)
        {
            return;
        }

        Move(keywords, "exclusiveMinimum", "minimum");
        Move(keywords, "exclusiveMaximum", "maximum");
        if (keywords["type"] is JsonArray types && types.ToJsonString() == """["string","null"]""" && !AnyType.Any(keywords.ContainsKey))
        {
            keywords["type"] = "string";
            keywords["nullable"] = true;
        }

        foreach ((var name, var content) in keywords)
        {
            switch (name)
            {
                case "not" or "items" or "additionalProperties":
                    Rewrite(content);
                    break;
                case "allOf" or "anyOf" or "oneOf" or "prefixItems":
                    content!.AsArray().ToList().ForEach(Rewrite);
                    break;
                case "properties" or "patternProperties" or "$defs":
                    content!.AsObject().ToList().ForEach(member => Rewrite(member.Value));
                    break;
            }
        }
    }

    private static void Move(JsonObject keywords, string exclusive, string limit)
    {
        if (keywords[exclusive] is { } number && !keywords.ContainsKey(limit))
        {
            keywords[limit] = number.DeepClone();
            keywords[exclusive] = true;
        }
    }
}
