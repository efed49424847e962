using System.Text.Json;

namespace Serverless.Core.Schemas;

/// <summary>What a schema says about arrays and objects.</summary>
internal static class SchemaCollections
{
    /// <summary>Adds what is wrong with an array.</summary>
    public static void CheckArray(SchemaWalk walk, JsonElement schema, JsonElement value, string path, List<SchemaError> errors, int depth)
    {
        var count = value.GetArrayLength();
        if (SchemaNumbers.Count(schema, "minItems"u8) is { } fewest && count < fewest)
        {
            errors.Add(new SchemaError(path, $"{SchemaText.Show(value)} is too short"));
        }

        if (SchemaNumbers.Count(schema, "maxItems"u8) is { } most && count > most)
        {
            errors.Add(new SchemaError(path, $"{SchemaText.Show(value)} is too long"));
        }

        if (schema.TryGetProperty("uniqueItems"u8, out var unique) && unique.ValueKind == JsonValueKind.True && HasTwins(value))
        {
            errors.Add(new SchemaError(path, $"{SchemaText.Show(value)} has non-unique elements"));
        }

        // A list of schemas for the first items: prefixItems, or items in older drafts.
        var hasItems = schema.TryGetProperty("items"u8, out var items);
        var hasPrefix = schema.TryGetProperty("prefixItems"u8, out var prefix) && prefix.ValueKind == JsonValueKind.Array;
        if (!hasPrefix && hasItems && items.ValueKind == JsonValueKind.Array)
        {
            (prefix, hasPrefix) = (items, true);
            hasItems = schema.TryGetProperty("additionalItems"u8, out items);
        }

        var prefixed = hasPrefix ? prefix.GetArrayLength() : 0;
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (index < prefixed)
            {
                walk.Check(prefix[index], item, $"{path}[{index}]", errors, depth + 1);
            }
            else if (hasItems)
            {
                walk.Check(items, item, $"{path}[{index}]", errors, depth + 1);
            }

            index++;
        }
    }

    /// <summary>Adds what is wrong with an object.</summary>
    public static void CheckObject(SchemaWalk walk, JsonElement schema, JsonElement value, string path, List<SchemaError> errors, int depth)
    {
        var count = value.GetPropertyCount();
        if (SchemaNumbers.Count(schema, "minProperties"u8) is { } fewest && count < fewest)
        {
            errors.Add(new SchemaError(path, $"{SchemaText.Show(value)} does not have enough properties"));
        }

        if (SchemaNumbers.Count(schema, "maxProperties"u8) is { } most && count > most)
        {
            errors.Add(new SchemaError(path, $"{SchemaText.Show(value)} has too many properties"));
        }

        CheckRequired(schema, value, path, errors);

        var hasProperties = schema.TryGetProperty("properties"u8, out var properties) && properties.ValueKind == JsonValueKind.Object;
        var hasPatterns = schema.TryGetProperty("patternProperties"u8, out var patterns) && patterns.ValueKind == JsonValueKind.Object;
        var hasRest = schema.TryGetProperty("additionalProperties"u8, out var rest);
        var unexpected = new List<string>();
        foreach (var member in value.EnumerateObject())
        {
            var known = false;
            if (hasProperties && properties.TryGetProperty(member.Name, out var property))
            {
                known = true;
                walk.Check(property, member.Value, $"{path}.{member.Name}", errors, depth + 1);
            }

            if (hasPatterns)
            {
                foreach (var pattern in patterns.EnumerateObject().Where(pattern => SchemaStrings.IsMatch(member.Name, pattern.Name)))
                {
                    known = true;
                    walk.Check(pattern.Value, member.Value, $"{path}.{member.Name}", errors, depth + 1);
                }
            }

            if (known || !hasRest)
            {
                continue;
            }

            if (rest.ValueKind == JsonValueKind.False)
            {
                unexpected.Add($"'{member.Name}'");
            }
            else
            {
                walk.Check(rest, member.Value, $"{path}.{member.Name}", errors, depth + 1);
            }
        }

        if (unexpected.Count > 0)
        {
            var verb = unexpected.Count == 1 ? "was" : "were";
            errors.Add(new SchemaError(path, $"Additional properties are not allowed ({string.Join(", ", unexpected)} {verb} unexpected)"));
        }
    }

    private static void CheckRequired(JsonElement schema, JsonElement value, string path, List<SchemaError> errors)
    {
        if (!schema.TryGetProperty("required"u8, out var required) || required.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var name in required.EnumerateArray())
        {
            if (name.ValueKind == JsonValueKind.String && !value.TryGetProperty(name.GetString()!, out _))
            {
                errors.Add(new SchemaError(path, $"{SchemaText.Show(name)} is a required property"));
            }
        }
    }

    private static bool HasTwins(JsonElement array)
    {
        JsonElement[] items = [.. array.EnumerateArray()];
        for (var i = 0; i < items.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (JsonElement.DeepEquals(items[i], items[j]))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
