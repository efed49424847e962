using System.Text.Json;

namespace Serverless.Core.Schemas;

/// <summary>What a schema says about numbers.</summary>
internal static class SchemaNumbers
{
    /// <summary>Adds what is wrong with a number.</summary>
    public static void Check(JsonElement schema, JsonElement value, string path, List<SchemaError> errors)
    {
        if (Limit(schema, "minimum"u8) is { } minimum)
        {
            var exclusive = IsTrue(schema, "exclusiveMinimum"u8);
            var compared = Compare(value, minimum);
            if (compared < 0 || (exclusive && compared == 0))
            {
                errors.Add(new SchemaError(path, exclusive
                    ? $"{SchemaText.Show(value)} is less than or equal to the minimum of {SchemaText.Show(minimum)}"
                    : $"{SchemaText.Show(value)} is less than the minimum of {SchemaText.Show(minimum)}"));
            }
        }

        if (Limit(schema, "maximum"u8) is { } maximum)
        {
            var exclusive = IsTrue(schema, "exclusiveMaximum"u8);
            var compared = Compare(value, maximum);
            if (compared > 0 || (exclusive && compared == 0))
            {
                errors.Add(new SchemaError(path, exclusive
                    ? $"{SchemaText.Show(value)} is greater than or equal to the maximum of {SchemaText.Show(maximum)}"
                    : $"{SchemaText.Show(value)} is greater than the maximum of {SchemaText.Show(maximum)}"));
            }
        }

        if (Limit(schema, "exclusiveMinimum"u8) is { } above && Compare(value, above) <= 0)
        {
            errors.Add(new SchemaError(path, $"{SchemaText.Show(value)} is less than or equal to the minimum of {SchemaText.Show(above)}"));
        }

        if (Limit(schema, "exclusiveMaximum"u8) is { } below && Compare(value, below) >= 0)
        {
            errors.Add(new SchemaError(path, $"{SchemaText.Show(value)} is greater than or equal to the maximum of {SchemaText.Show(below)}"));
        }

        if (Limit(schema, "multipleOf"u8) is { } factor && !IsMultiple(value, factor))
        {
            errors.Add(new SchemaError(path, $"{SchemaText.Show(value)} is not a multiple of {SchemaText.Show(factor)}"));
        }
    }

    private static JsonElement? Limit(JsonElement schema, ReadOnlySpan<byte> keyword) =>
        schema.TryGetProperty(keyword, out var limit) && limit.ValueKind == JsonValueKind.Number ? limit : null;

    private static bool IsTrue(JsonElement schema, ReadOnlySpan<byte> keyword) =>
        schema.TryGetProperty(keyword, out var flag) && flag.ValueKind == JsonValueKind.True;

    // In decimal as long as both fit, so that 0.1 is 0.1; beyond, in double.
    private static int Compare(JsonElement a, JsonElement b) =>
        a.TryGetDecimal(out var x) && b.TryGetDecimal(out var y) ? x.CompareTo(y) : a.GetDouble().CompareTo(b.GetDouble());

    private static bool IsMultiple(JsonElement value, JsonElement factor)
    {
        if (value.TryGetDecimal(out var x) && factor.TryGetDecimal(out var y) && y != 0)
        {
            return x % y == 0;
        }

        return double.IsInteger(value.GetDouble() / factor.GetDouble());
    }
}
