using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Serverless.Flows.Binding;

namespace Serverless.Flows;

/// <summary>
/// How inputs of a type travel. The keys are Prefect's (<c>send_input</c>, <c>receive_input</c>): an object has the name of its class, as a
/// Python class derived from <c>RunInput</c> has; any other value is the member <c>value</c> of an object.
/// </summary>
/// <typeparam name="T">The type.</typeparam>
internal static class InputType<T>
{
    private static readonly JsonTypeInfo<T> Type = (JsonTypeInfo<T>)FlowJson.Options.GetTypeInfo(typeof(T));
    private static readonly JsonTypeInfo<Automatic> Wrapped = (JsonTypeInfo<Automatic>)FlowJson.Options.GetTypeInfo(typeof(Automatic));

    /// <summary>Whether a value is an object by itself.</summary>
    private static bool IsObject => Type.Kind is JsonTypeInfoKind.Object;

    /// <summary>What the keys of the type's inputs begin with.</summary>
    /// <exception cref="FlowRegistrationException">A value of the type cannot be written as JSON and read back.</exception>
    internal static string KeyPrefix =>
        field ??= SerializableTypes.Problem(typeof(T)) is { } problem
            ? throw new FlowRegistrationException($"A {TypeNames.Of(typeof(T))} cannot be an input: {problem}.")
            : $"{ClassName}-auto";

    /// <summary>The name of the class that holds such values in Python, in lower case.</summary>
    private static string ClassName =>
        IsObject ? Lower((Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T)).Name) : $"{PythonName(typeof(T))}automaticruninput";

    internal static string Write(T value) =>
        IsObject
            ? BoundedJson.Write(value, Type, () => $"The input of type {TypeNames.Of(typeof(T))}")
            : BoundedJson.Write(new Automatic(value), Wrapped, () => $"The input of type {TypeNames.Of(typeof(T))}");

    /// <summary>Reads an input.</summary>
    /// <exception cref="ParameterValidationException">It is none of the type.</exception>
    internal static T Read(string key, string json)
    {
        var target = $"the input '{key}'";
        List<ParameterError> errors = [];
        try
        {
            using var document = JsonDocument.Parse(json);
            try
            {
                var value = IsObject
                    ? document.RootElement.Deserialize(Type)
                    : (document.RootElement.Deserialize(Wrapped) ?? throw new JsonException("an object with the member value")).Value;
                if (value is not null || default(T) is null && !IsObject)
                {
                    ValueRules.Check("input", value, Type, errors);
                    return errors.Count == 0 ? value! : throw new ParameterValidationException(target, errors);
                }

                errors.Add(new ParameterError("input", "an object", "null"));
            }
            catch (JsonException exception)
            {
                errors.Add(Expectation.Error("input", typeof(T), document.RootElement, exception));
            }
        }
        catch (JsonException)
        {
            errors.Add(new ParameterError("input", "JSON", Expectation.Shorten(json)));
        }

        throw new ParameterValidationException(target, errors);
    }

    /// <summary>The name of the Python type that holds such values.</summary>
    private static string PythonName(Type type) =>
        type switch
        {
            _ when Nullable.GetUnderlyingType(type) is { } inner => PythonName(inner),
            _ when type == typeof(string) || type == typeof(char) || type.IsEnum => "str",
            _ when type == typeof(bool) => "bool",
            _ when type == typeof(double) || type == typeof(float) || type == typeof(decimal) || type == typeof(Half) => "float",
            _ when type.IsPrimitive || type == typeof(Int128) || type == typeof(UInt128) => "int",
            _ when type == typeof(Guid) => "uuid",
            _ when type == typeof(DateTime) || type == typeof(DateTimeOffset) => "datetime",
            _ when type == typeof(DateOnly) => "date",
            _ when type == typeof(TimeOnly) => "time",
            _ when Type.Kind is JsonTypeInfoKind.Dictionary => "dict",
            _ when type.IsAssignableTo(typeof(IEnumerable)) => "list",
            _ => Lower(type.Name),
        };

#pragma warning disable CA1308 // Prefect's keys are in lower case.
    private static string Lower(string name) => name.Split('`')[0].ToLowerInvariant();
#pragma warning restore CA1308

    internal sealed record Automatic(T Value);
}
