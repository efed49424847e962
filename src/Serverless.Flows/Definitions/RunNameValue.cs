using System.Globalization;
using System.Text.Json;
using Serverless.Flows.Binding;

namespace Serverless.Flows;

/// <summary>One value in a <see cref="RunNameTemplate"/>: a parameter, or a member of it, and its format.</summary>
internal sealed class RunNameValue
{
    private readonly CallableParameter _parameter;
    private readonly string[] _members;
    private readonly string? _format;

    private RunNameValue(CallableParameter parameter, string[] members, string? format)
    {
        _parameter = parameter;
        _members = members;
        _format = format;
    }

    /// <summary>Reads <c>parameter.member:format</c>.</summary>
    internal static (RunNameValue? Value, string? Problem) Parse(string text, IReadOnlyList<CallableParameter> parameters)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var path = (colon < 0 ? text : text[..colon]).Trim().Split('.');
        var format = colon < 0 ? null : text[(colon + 1)..];
        CallableParameter[] values = [.. parameters.Where(parameter => parameter.Kind == ParameterKind.Value)];
        if (Array.Find(values, parameter => parameter.Name == path[0] || parameter.WireName == path[0]) is not { } named)
        {
            return (null, $"names '{path[0]}', which is no parameter (known: {string.Join(", ", values.Select(value => value.Name))})");
        }

        RunNameValue value = new(named, path[1..], format);
        return value.ProblemOfFormat() is { } problem ? (null, problem) : (value, null);
    }

    /// <summary>The value's text; empty when it is missing or null.</summary>
    internal string Format(JsonElement arguments)
    {
        if (!arguments.TryGetProperty(_parameter.WireName, out var value))
        {
            return _parameter.HasDefault ? Show(JsonSerializer.SerializeToElement(_parameter.Default, _parameter.TypeInfo)) : "";
        }

        return Show(value);
    }

    private string Show(JsonElement value)
    {
        foreach (var member in _members)
        {
            if (
                value.ValueKind != JsonValueKind.Object
                || !(value.TryGetProperty(member, out var inner) || value.TryGetProperty(FlowJson.WireName(member), out inner))
            )
            {
                return "";
            }

            value = inner;
        }

        return value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.Undefined => "",
            _ when _format is not null && Read(value) is { } formattable => formattable.ToString(_format, CultureInfo.InvariantCulture),
            JsonValueKind.String => value.GetString()!,
            _ => value.GetRawText(),
        };
    }

    /// <summary>The value as the parameter's type; null when it is none: the run fails for that, and gets a name all the same.</summary>
    private IFormattable? Read(JsonElement value)
    {
        try
        {
            return value.Deserialize(_parameter.TypeInfo) as IFormattable;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string? ProblemOfFormat()
    {
        if (_format is null)
        {
            return null;
        }

        var type = Nullable.GetUnderlyingType(_parameter.Type) ?? _parameter.Type;
        if (_members.Length > 0 || !type.IsValueType || Activator.CreateInstance(type) is not IFormattable sample)
        {
            return $"has the format '{_format}' for '{_parameter.Name}'; only parameters that are numbers, times, Guids or enums have one";
        }

        try
        {
            _ = sample.ToString(_format, CultureInfo.InvariantCulture);
            return null;
        }
        catch (FormatException)
        {
            return $"has the format '{_format}', which {type.Name} '{_parameter.Name}' does not know";
        }
    }
}
