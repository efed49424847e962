using System.Globalization;
using System.Text.Json;

namespace Serverless.Core.Schemas;

/// <summary>Walks a value along its schema.</summary>
/// <param name="root">The schema that references lead into.</param>
internal sealed class SchemaWalk(JsonElement root)
{
    // JSON is read to a depth of 64; a schema that goes much deeper goes in circles.
    private const int DepthLimit = 256;

    // References that fan out would otherwise take forever before they are that deep.
    private const int StepLimit = 500_000;

    private int _steps;

    /// <summary>True when the schema goes in circles; what was found until then says nothing.</summary>
    public bool GaveUp { get; private set; }

    /// <summary>Adds what is wrong with <paramref name="value"/> to <paramref name="errors"/>.</summary>
    public void Check(JsonElement schema, JsonElement value, string path, List<SchemaError> errors, int depth)
    {
        if (GaveUp || depth > DepthLimit || _steps++ > StepLimit)
        {
            GaveUp = true;
            return;
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            if (schema.ValueKind == JsonValueKind.False)
            {
                errors.Add(new SchemaError(path, $"False schema does not allow {SchemaText.Show(value)}"));
            }

            return;
        }

        if (
            value.ValueKind == JsonValueKind.Null
            && schema.TryGetProperty("nullable"u8, out var nullable)
            && nullable.ValueKind == JsonValueKind.True
        )
        {
            return;
        }

        if (schema.TryGetProperty("$ref"u8, out var reference))
        {
            CheckReference(reference, value, path, errors, depth);
        }

        if (!IsOfType(schema, value, path, errors))
        {
            return; // What else the schema says is about the type that the value should have.
        }

        CheckChoices(schema, value, path, errors);
        CheckCombinations(schema, value, path, errors, depth);
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                SchemaNumbers.Check(schema, value, path, errors);
                break;
            case JsonValueKind.String:
                SchemaStrings.Check(schema, value, path, errors);
                break;
            case JsonValueKind.Array:
                SchemaCollections.CheckArray(this, schema, value, path, errors, depth);
                break;
            case JsonValueKind.Object:
                SchemaCollections.CheckObject(this, schema, value, path, errors, depth);
                break;
        }
    }

    /// <summary>True when nothing is wrong with <paramref name="value"/>.</summary>
    public bool Accepts(JsonElement schema, JsonElement value, int depth)
    {
        var errors = new List<SchemaError>();
        Check(schema, value, "$", errors, depth);
        return errors.Count == 0;
    }

    private void CheckReference(JsonElement reference, JsonElement value, string path, List<SchemaError> errors, int depth)
    {
        if (Resolve(reference) is { } target)
        {
            Check(target, value, path, errors, depth + 1);
        }
        else
        {
            errors.Add(new SchemaError(path, $"Unresolvable reference {SchemaText.Show(reference)}"));
        }
    }

    // A JSON pointer (RFC 6901) within the schema, such as #/$defs/Name.
    private JsonElement? Resolve(JsonElement reference)
    {
        if (reference.ValueKind != JsonValueKind.String || reference.GetString() is not ['#', .. var pointer])
        {
            return null;
        }

        var target = root;
        foreach (var part in pointer.Split('/').Skip(1))
        {
            var name = Uri.UnescapeDataString(part)
                .Replace("~1", "/", StringComparison.Ordinal)
                .Replace("~0", "~", StringComparison.Ordinal);
            if (Step(target, name) is not { } next)
            {
                return null;
            }

            target = next;
        }

        return target;
    }

    private static JsonElement? Step(JsonElement from, string name) =>
        from.ValueKind switch
        {
            JsonValueKind.Object when from.TryGetProperty(name, out var member) => member,
            JsonValueKind.Array
                when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < from.GetArrayLength() =>
                from[index],
            _ => null,
        };

    private static bool IsOfType(JsonElement schema, JsonElement value, string path, List<SchemaError> errors)
    {
        if (!schema.TryGetProperty("type"u8, out var type))
        {
            return true;
        }

        var matches =
            type.ValueKind == JsonValueKind.Array
                ? type.EnumerateArray().Any(one => SchemaText.IsOfType(value, one))
                : SchemaText.IsOfType(value, type);
        if (!matches)
        {
            var names =
                type.ValueKind == JsonValueKind.Array
                    ? string.Join(", ", type.EnumerateArray().Select(SchemaText.Show))
                    : SchemaText.Show(type);
            errors.Add(new SchemaError(path, $"{SchemaText.Show(value)} is not of type {names}"));
        }

        return matches;
    }

    private static void CheckChoices(JsonElement schema, JsonElement value, string path, List<SchemaError> errors)
    {
        if (
            schema.TryGetProperty("enum"u8, out var choices)
            && choices.ValueKind == JsonValueKind.Array
            && !choices.EnumerateArray().Any(choice => JsonElement.DeepEquals(choice, value))
        )
        {
            var list = string.Join(", ", choices.EnumerateArray().Select(SchemaText.Show));
            errors.Add(new SchemaError(path, $"{SchemaText.Show(value)} is not one of [{list}]"));
        }

        if (schema.TryGetProperty("const"u8, out var only) && !JsonElement.DeepEquals(only, value))
        {
            errors.Add(new SchemaError(path, $"{SchemaText.Show(only)} was expected"));
        }
    }

    private void CheckCombinations(JsonElement schema, JsonElement value, string path, List<SchemaError> errors, int depth)
    {
        if (schema.TryGetProperty("allOf"u8, out var all) && all.ValueKind == JsonValueKind.Array)
        {
            foreach (var one in all.EnumerateArray())
            {
                Check(one, value, path, errors, depth + 1);
            }
        }

        if (
            schema.TryGetProperty("anyOf"u8, out var any)
            && any.ValueKind == JsonValueKind.Array
            && !any.EnumerateArray().Any(one => Accepts(one, value, depth + 1))
        )
        {
            errors.Add(new SchemaError(path, $"{SchemaText.Show(value)} is not valid under any of the given schemas"));
        }

        if (schema.TryGetProperty("oneOf"u8, out var exactly) && exactly.ValueKind == JsonValueKind.Array)
        {
            var count = exactly.EnumerateArray().Count(one => Accepts(one, value, depth + 1));
            if (count != 1)
            {
                errors.Add(
                    new SchemaError(
                        path,
                        count == 0
                            ? $"{SchemaText.Show(value)} is not valid under any of the given schemas"
                            : $"{SchemaText.Show(value)} is valid under more than one of the given schemas"
                    )
                );
            }
        }

        if (schema.TryGetProperty("not"u8, out var not) && Accepts(not, value, depth + 1))
        {
            errors.Add(new SchemaError(path, $"{SchemaText.Show(value)} should not be valid under {SchemaText.Show(not)}"));
        }
    }
}
