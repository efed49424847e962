using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Serverless.Flows.Binding;

/// <summary>Words for what a value should be and what it is.</summary>
internal static class Expectation
{
    private const int ShownCharacters = 80;

    internal static string Of(CallableParameter parameter) =>
        Of(parameter.Type) + (parameter.AllowsNull && Nullable.GetUnderlyingType(parameter.Type) is null ? " or null" : string.Empty);

    internal static string Of(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return $"{Of(underlying)} or null";
        }

        if (type.IsEnum)
        {
            return $"one of {string.Join(", ", Enum.GetNames(type))}";
        }

        return Type.GetTypeCode(type) switch
        {
            TypeCode.SByte
            or TypeCode.Byte
            or TypeCode.Int16
            or TypeCode.UInt16
            or TypeCode.Int32
            or TypeCode.UInt32
            or TypeCode.Int64
            or TypeCode.UInt64 => $"an integer ({type.Name})",
            TypeCode.Single or TypeCode.Double or TypeCode.Decimal => "a number",
            TypeCode.Boolean => "true or false",
            TypeCode.String or TypeCode.Char => "a string",
            TypeCode.DateTime => "a date and time (ISO 8601)",
            _ => OfOther(type),
        };
    }

    internal static string Of(ValidationAttribute rule, ValidationResult failure) =>
        rule switch
        {
            RangeAttribute range => $"a value between {range.Minimum} and {range.Maximum}",
            _ => failure.ErrorMessage is { Length: > 0 } text ? $"a valid value ({text.TrimEnd('.')})" : "a valid value",
        };

    /// <summary>The error for JSON that is not of the type; names the innermost place that is known.</summary>
    internal static ParameterError Error(string parameter, Type type, JsonElement json, JsonException exception)
    {
        var path = exception.Path is ['$', .. var inner] ? inner : string.Empty;
        var (innerType, innerJson) = Locate(type, json, path);
        var wanted = innerType is null ? $"a valid value inside {Of(type)}" : Of(innerType);

        // The serializer's message ends with the names of the members that are missing.
        if (exception.Message.Split("missing required properties including: ") is [_, var names])
        {
            wanted += $" with {names.Split(" Path:")[0].TrimEnd('.', ' ')}";
        }

        return new ParameterError(parameter + path, wanted, innerJson is { } found ? Show(found) : Show(json));
    }

    internal static string Show(JsonElement json) => Shorten(json.GetRawText());

    internal static string Shorten(string text) =>
        text.Length <= ShownCharacters ? text : string.Concat(text.AsSpan(0, ShownCharacters), "…");

    /// <summary>What an exception says, shortened; an author's may fail at that, too.</summary>
    internal static string Words(Exception exception)
    {
        try
        {
            return $"{exception.GetType().Name}: {Shorten(exception.Message)}";
        }
#pragma warning disable CA1031
        catch (Exception)
#pragma warning restore CA1031
        {
            return exception.GetType().Name;
        }
    }

    private static string OfOther(Type type) =>
        type == typeof(Guid) ? "a UUID"
        : type == typeof(DateTimeOffset) ? "a date and time (ISO 8601)"
        : type == typeof(DateOnly) ? "a date (ISO 8601)"
        : type == typeof(TimeOnly) ? "a time (ISO 8601)"
        : type == typeof(TimeSpan) ? "a duration (d.hh:mm:ss)"
        : type == typeof(byte[]) ? "a base64 string"
        : type == typeof(Uri) ? "a URI"
        : type == typeof(object) || type == typeof(JsonElement) ? "any JSON"
        : typeof(IDictionary).IsAssignableFrom(type) || FlowJson.Options.GetTypeInfo(type).KeyType is not null ? "an object"
        : FlowJson.Options.GetTypeInfo(type).ElementType is { } element ? $"an array, each item {Of(element)}"
        : "an object";

    /// <summary>Follows a JSON path (<c>.lines[2].price</c>) through the type and the value, as far as both are known.</summary>
    private static (Type? Type, JsonElement? Json) Locate(Type type, JsonElement json, string path)
    {
        var at = type;
        JsonElement? value = json;
        foreach (var step in path.Split(['.', '[', ']'], StringSplitOptions.RemoveEmptyEntries))
        {
            var info = at is null ? null : FlowJson.Options.GetTypeInfo(at);
            at = info?.ElementType ?? info?.Properties.FirstOrDefault(property => property.Name == step)?.PropertyType;
            value = value switch
            {
                { ValueKind: JsonValueKind.Object } node when node.TryGetProperty(step, out var member) => member,
                { ValueKind: JsonValueKind.Array } node when int.TryParse(step, out var index) && index < node.GetArrayLength() => node[
                    index
                ],
                _ => null,
            };
        }

        return (at, value);
    }
}
