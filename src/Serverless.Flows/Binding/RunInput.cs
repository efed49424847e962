using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Serverless.Flows.Binding;

/// <summary>The typed input of a pause.</summary>
internal static class RunInput<T>
{
    private static readonly JsonTypeInfo<T> Type = (JsonTypeInfo<T>)FlowJson.Options.GetTypeInfo(typeof(T));

    /// <summary>The schema to ask with.</summary>
    /// <exception cref="FlowRegistrationException">The type cannot be read from a JSON object.</exception>
    internal static string SchemaJson =>
        field ??=
            SerializableTypes.Problem(typeof(T)) is { } problem
                ? throw new FlowRegistrationException($"A pause cannot ask for a {typeof(T).Name}: {problem}.")
            : Type.Kind is not JsonTypeInfoKind.Object
                ? throw new FlowRegistrationException($"A pause cannot ask for a {typeof(T).Name}: the input must be a record or class.")
            : SchemaBuilder.Build(typeof(T));

    /// <summary>Reads the input; none counts as an empty object, so that defaults apply.</summary>
    /// <exception cref="ParameterValidationException">It does not fit.</exception>
    internal static T Read(string key, string? json)
    {
        var target = $"the input of pause '{key}'";
        using var document = JsonDocument.Parse(string.IsNullOrWhiteSpace(json) ? "{}" : json);
        var errors = new List<ParameterError>();
        try
        {
            if (document.RootElement.Deserialize(Type) is { } input)
            {
                ValueRules.Check("run_input", input, Type, errors);
                return errors.Count == 0 ? input : throw new ParameterValidationException(target, errors);
            }

            errors.Add(new ParameterError("run_input", "an object", "null"));
        }
        catch (JsonException exception)
        {
            errors.Add(Expectation.Error("run_input", typeof(T), document.RootElement, exception));
        }

        throw new ParameterValidationException(target, errors);
    }
}
