using System.Text.Json;

namespace Serverless.Core.Schemas;

/// <summary>
/// Validates values against a JSON schema: those keywords of draft 2020-12 (and <c>definitions</c>, <c>nullable</c> and
/// boolean exclusive limits of older forms) that flows' authors, Prefect and pydantic emit for parameters. Keywords it
/// does not know say nothing.
/// </summary>
/// <remarks>
/// Written here because clients read the messages, which are those of Python's jsonschema. What is valid is checked
/// against JsonSchema.Net in the tests, which name where the two differ.
/// </remarks>
public static class ParameterSchema
{
    /// <summary>The only error of a schema that goes in circles.</summary>
    public static SchemaError Circular { get; } = new("$", "Unable to validate schema with circular references.");

    /// <summary>What is wrong with <paramref name="value"/>; empty when nothing is.</summary>
    /// <param name="schema">The schema: an object, or true or false. References lead into it.</param>
    /// <param name="value">The value.</param>
    public static IReadOnlyList<SchemaError> Validate(JsonElement schema, JsonElement value)
    {
        var errors = new List<SchemaError>();
        var walk = new SchemaWalk(schema);
        walk.Check(schema, value, "$", errors, depth: 0);
        return walk.GaveUp ? [Circular] : errors;
    }

    /// <summary>What is wrong with <paramref name="parameters"/>; empty when nothing is.</summary>
    /// <param name="schema">The schema of the object that they form.</param>
    /// <param name="parameters">The parameters by name.</param>
    public static IReadOnlyList<SchemaError> Validate(JsonElement schema, IReadOnlyDictionary<string, JsonElement> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in parameters)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return Validate(schema, document.RootElement);
    }
}
