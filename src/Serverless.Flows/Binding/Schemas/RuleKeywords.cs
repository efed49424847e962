using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Serverless.Flows.Binding;

/// <summary>Writes validation attributes as keywords of JSON schema.</summary>
internal static class RuleKeywords
{
    internal static void Add(JsonObject schema, ValidationAttribute rule, Type type)
    {
        var isList = type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type);
        var (shortest, longest) = isList ? ("minItems", "maxItems") : ("minLength", "maxLength");
        switch (rule)
        {
            case RangeAttribute range:
                AddBound(schema, range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum", range.Minimum);
                AddBound(schema, range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum", range.Maximum);
                break;
            case StringLengthAttribute length:
                schema["maxLength"] = length.MaximumLength;
                if (length.MinimumLength > 0)
                {
                    schema["minLength"] = length.MinimumLength;
                }

                break;
            case LengthAttribute length:
                schema[shortest] = length.MinimumLength;
                schema[longest] = length.MaximumLength;
                break;
            case MinLengthAttribute length:
                schema[shortest] = length.Length;
                break;
            case MaxLengthAttribute { Length: > 0 } length:
                schema[longest] = length.Length;
                break;
            case RegularExpressionAttribute expression:
                // The attribute wants the whole text to match; the keyword is content with a part.
                schema["pattern"] = $"^(?:{expression.Pattern})$";
                break;
            case AllowedValuesAttribute allowed:
                schema["enum"] = new JsonArray([
                    .. allowed.Values.Select(value => JsonSerializer.SerializeToNode(value, FlowJson.Options)),
                ]);
                break;
            case EmailAddressAttribute:
                schema["format"] = "email";
                break;
            case UrlAttribute:
                schema["format"] = "uri";
                break;
        }
    }

    private static void AddBound(JsonObject schema, string keyword, object bound)
    {
        // Bounds declared by type come as text; those of a range without end (double.MaxValue) say nothing.
        switch (bound)
        {
            case int number:
                schema[keyword] = number;
                break;
            case double number when double.IsFinite(number) && Math.Abs(number) < double.MaxValue:
                schema[keyword] = number;
                break;
            case string text when decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number):
                schema[keyword] = number;
                break;
        }
    }
}
