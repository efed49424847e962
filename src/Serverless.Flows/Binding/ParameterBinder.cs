using System.Collections.Frozen;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Serverless.Flows.Binding;

/// <summary>Turns the JSON of parameters into a method's arguments, and finds everything that is wrong with it.</summary>
internal sealed class ParameterBinder(string target, IReadOnlyList<CallableParameter> parameters)
{
    private readonly FrozenDictionary<string, int> _positions = Positions(parameters);

    /// <summary>The method's arguments.</summary>
    /// <exception cref="ParameterValidationException">The JSON does not fit; names every problem.</exception>
    /// <param name="json">The arguments.</param>
    /// <param name="injected">What is not in the JSON.</param>
    /// <param name="values">Values that are there already, by their names in JSON, in place of those in the JSON; null for none.</param>
    internal object?[] Bind(string json, InjectedValues injected, IReadOnlyDictionary<string, object?>? values = null)
    {
        var errors = new List<ParameterError>();
        var arguments = Read(json, errors, values);
        if (errors.Count > 0)
        {
            throw new ParameterValidationException(target, errors);
        }

        for (var position = 0; position < arguments.Length; position++)
        {
            if (parameters[position].Kind is not ParameterKind.Value and var kind)
            {
                arguments[position] = injected[kind];
            }
        }

        return arguments;
    }

    internal IReadOnlyList<ParameterError> Validate(string json)
    {
        var errors = new List<ParameterError>();
        Read(json, errors);
        return errors;
    }

    /// <summary>The values that are given, by the parameters' names on the wire; others may be missing.</summary>
    internal IReadOnlyDictionary<string, JsonElement> ReadGiven(JsonElement json, List<ParameterError> errors)
    {
        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (json.ValueKind is not JsonValueKind.Object)
        {
            errors.Add(new ParameterError("parameters", "a JSON object", Expectation.Show(json)));
            return values;
        }

        foreach (var property in json.EnumerateObject())
        {
            if (!_positions.TryGetValue(property.Name, out var position))
            {
                errors.Add(new ParameterError(property.Name, KnownNames(), Expectation.Show(property.Value)));
                continue;
            }

            ReadValue(parameters[position], property.Value, errors);
            if (!values.TryAdd(parameters[position].WireName, property.Value.Clone()))
            {
                errors.Add(new ParameterError(property.Name, "one value", "several"));
            }
        }

        return values;
    }

    /// <summary>The values that are given, by the parameters' names on the wire, and the defaults of the others: a JSON object.</summary>
    internal string WithDefaults(string json)
    {
        using var document = JsonDocument.Parse(string.IsNullOrWhiteSpace(json) ? "{}" : json);
        var given = ReadGiven(document.RootElement, []);
        var all = parameters
            .Where(parameter => parameter.Kind is ParameterKind.Value && (parameter.HasDefault || given.ContainsKey(parameter.WireName)))
            .Select(parameter =>
                given.TryGetValue(parameter.WireName, out var value)
                    ? $"{parameter.JsonName}:{value.GetRawText()}"
                    : $"{parameter.JsonName}:{parameter.ToJson(parameter.Default, target)}"
            );
        return $"{{{string.Join(',', all)}}}";
    }

    private static FrozenDictionary<string, int> Positions(IReadOnlyList<CallableParameter> parameters)
    {
        var positions = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var position = 0; position < parameters.Count; position++)
        {
            if (parameters[position].Kind is ParameterKind.Value)
            {
                positions[parameters[position].Name] = position;
            }
        }

        // A name on the wire wins over another parameter's C# name.
        for (var position = 0; position < parameters.Count; position++)
        {
            if (parameters[position].Kind is ParameterKind.Value)
            {
                positions[parameters[position].WireName] = position;
            }
        }

        return positions.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private object?[] Read(string json, List<ParameterError> errors, IReadOnlyDictionary<string, object?>? values = null)
    {
        var arguments = new object?[parameters.Count];
        var given = new bool[parameters.Count];
        if (!string.IsNullOrWhiteSpace(json))
        {
            ReadObject(json, arguments, given, errors, values);
        }

        for (var position = 0; position < arguments.Length; position++)
        {
            var parameter = parameters[position];
            if (given[position] || parameter.Kind is not ParameterKind.Value)
            {
                continue;
            }

            if (parameter.HasDefault)
            {
                arguments[position] = parameter.Default;
            }
            else
            {
                errors.Add(new ParameterError(parameter.WireName, Expectation.Of(parameter), "nothing"));
            }
        }

        return arguments;
    }

    private void ReadObject(
        string json,
        object?[] arguments,
        bool[] given,
        List<ParameterError> errors,
        IReadOnlyDictionary<string, object?>? values
    )
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            MarkAllGiven(given);
            errors.Add(new ParameterError("parameters", "a JSON object", Expectation.Shorten(json)));
            return;
        }

        using (document)
        {
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
            {
                MarkAllGiven(given);
                errors.Add(new ParameterError("parameters", "a JSON object", Expectation.Show(document.RootElement)));
                return;
            }

            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (_positions.TryGetValue(property.Name, out var position))
                {
                    given[position] = true;
                    arguments[position] =
                        values is not null && values.TryGetValue(property.Name, out var value)
                            ? Checked(parameters[position], value, property.Value, errors)
                            : ReadValue(parameters[position], property.Value, errors);
                }
                else
                {
                    errors.Add(new ParameterError(property.Name, KnownNames(), Expectation.Show(property.Value)));
                }
            }
        }
    }

    private static void MarkAllGiven(bool[] given) => Array.Fill(given, value: true);

    private string KnownNames()
    {
        var names = parameters.Where(parameter => parameter.Kind is ParameterKind.Value).Select(parameter => parameter.WireName).ToList();
        return names.Count == 0 ? "no such parameter (there are none)" : $"no such parameter (known: {string.Join(", ", names)})";
    }

    private static object? ReadValue(CallableParameter parameter, JsonElement json, List<ParameterError> errors)
    {
        if (json.ValueKind is JsonValueKind.Null && !parameter.AllowsNull)
        {
            errors.Add(new ParameterError(parameter.WireName, Expectation.Of(parameter), "null"));
            return null;
        }

        object? value;
        try
        {
            value = json.Deserialize(parameter.TypeInfo);
        }
        catch (JsonException exception)
        {
            errors.Add(Expectation.Error(parameter.WireName, parameter.Type, json, exception));
            return null;
        }
#pragma warning disable CA1031 // Constructors, setters and converters of the author's, which say what is wrong in their own way.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            errors.Add(
                new ParameterError(
                    parameter.WireName,
                    $"a value that {TypeNames.Of(parameter.Type)} accepts ({Expectation.Words(exception)})",
                    Expectation.Show(json)
                )
            );
            return null;
        }

        return Checked(parameter, value, json, errors);
    }

    /// <summary>A value, with what the author's rules say about it.</summary>
    private static object? Checked(CallableParameter parameter, object? value, JsonElement json, List<ParameterError> errors)
    {
        try
        {
            foreach (var rule in parameter.Rules)
            {
                if (RuleCheck.Failure(rule, value, new ValidationContext(parameter) { MemberName = parameter.WireName }) is { } failure)
                {
                    errors.Add(new ParameterError(parameter.WireName, Expectation.Of(rule, failure), Expectation.Show(json)));
                }
            }

            ValueRules.Check(parameter.WireName, value, parameter.TypeInfo, errors);
        }
#pragma warning disable CA1031 // Rules of the author's, or one that is not for this kind of value.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            errors.Add(
                new ParameterError(
                    parameter.WireName,
                    $"a value that its validation rules can check ({Expectation.Words(exception)})",
                    Expectation.Show(json)
                )
            );
        }

        return value;
    }
}
