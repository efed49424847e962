using System.Text.Json;

namespace Serverless.Core.Schemas;

/// <summary>Values and types as schemas and messages name them.</summary>
internal static class SchemaText
{
    private const int Longest = 200;

    /// <summary>The value for a message: strings in single quotes, the rest as JSON, cut when long.</summary>
    public static string Show(JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? $"'{value.GetString()}'" : value.GetRawText();
        return text.Length <= Longest ? text : $"{text.AsSpan(0, Longest)}…";
    }

    /// <summary>True when the value is of the type that a schema names; a number without fraction is an integer.</summary>
    public static bool IsOfType(JsonElement value, JsonElement type) =>
        type.ValueKind == JsonValueKind.String
        && type.GetString() switch
        {
            "string" => value.ValueKind == JsonValueKind.String,
            "number" => value.ValueKind == JsonValueKind.Number,
            "integer" => value.ValueKind == JsonValueKind.Number && IsWhole(value),
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "null" => value.ValueKind == JsonValueKind.Null,
            _ => false,
        };

    /// <summary>True when a number has no fraction, however it is written: 5, 5.0, 0.5e1.</summary>
    public static bool IsWhole(JsonElement value) =>
        value.TryGetInt64(out _) || (ExactNumber.Of(value)?.IsWhole ?? double.IsInteger(value.GetDouble()));
}
