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
                errors.Add(
                    new SchemaError(
                        path,
                        exclusive
                            ? $"{SchemaText.Show(value)} is less than or equal to the minimum of {SchemaText.Show(minimum)}"
                            : $"{SchemaText.Show(value)} is less than the minimum of {SchemaText.Show(minimum)}"
                    )
                );
            }
        }

        if (Limit(schema, "maximum"u8) is { } maximum)
        {
            var exclusive = IsTrue(schema, "exclusiveMaximum"u8);
            var compared = Compare(value, maximum);
            if (compared > 0 || (exclusive && compared == 0))
            {
                errors.Add(
                    new SchemaError(
                        path,
                        exclusive
                            ? $"{SchemaText.Show(value)} is greater than or equal to the maximum of {SchemaText.Show(maximum)}"
                            : $"{SchemaText.Show(value)} is greater than the maximum of {SchemaText.Show(maximum)}"
                    )
                );
            }
        }

        if (Limit(schema, "exclusiveMinimum"u8) is { } above && Compare(value, above) <= 0)
        {
            errors.Add(new SchemaError(path, $"{SchemaText.Show(value)} is less than or equal to the minimum of {SchemaText.Show(above)}"));
        }

        if (Limit(schema, "exclusiveMaximum"u8) is { } below && Compare(value, below) >= 0)
        {
            errors.Add(
                new SchemaError(path, $"{SchemaText.Show(value)} is greater than or equal to the maximum of {SchemaText.Show(below)}")
            );
        }

        if (Limit(schema, "multipleOf"u8) is { } factor && !IsMultiple(value, factor))
        {
            errors.Add(new SchemaError(path, $"{SchemaText.Show(value)} is not a multiple of {SchemaText.Show(factor)}"));
        }
    }

    /// <summary>A keyword that counts; <see cref="long.MaxValue"/> for more than that.</summary>
    public static long? Count(JsonElement schema, ReadOnlySpan<byte> keyword) =>
        Limit(schema, keyword) switch
        {
            null => null,
            { } count when count.TryGetInt64(out var number) => number,
            { } count when !SchemaText.IsWhole(count) => null,
            { } count => double.ConvertToInteger<long>(count.GetDouble()), // Written as 2.0 or 2e0.
        };

    private static JsonElement? Limit(JsonElement schema, ReadOnlySpan<byte> keyword) =>
        schema.TryGetProperty(keyword, out var limit) && limit.ValueKind == JsonValueKind.Number ? limit : null;

    private static bool IsTrue(JsonElement schema, ReadOnlySpan<byte> keyword) =>
        schema.TryGetProperty(keyword, out var flag) && flag.ValueKind == JsonValueKind.True;

    // As they are written, so that 0.1 is 0.1 and 1e-30 is not 0; in double beyond any size that is meant.
    private static int Compare(JsonElement a, JsonElement b) =>
        ExactNumber.Of(a) is { } x && ExactNumber.Of(b) is { } y ? ExactNumber.Compare(x, y) : a.GetDouble().CompareTo(b.GetDouble());

    private static bool IsMultiple(JsonElement value, JsonElement factor) =>
        ExactNumber.Of(value) is { } x && ExactNumber.Of(factor) is { } y
            ? x.IsMultipleOf(y)
            : double.IsInteger(value.GetDouble() / factor.GetDouble());
}
