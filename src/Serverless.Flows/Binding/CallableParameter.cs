using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;

namespace Serverless.Flows.Binding;

/// <summary>One parameter of a flow or task.</summary>
internal sealed class CallableParameter
{
    private readonly Lazy<JsonTypeInfo> _typeInfo;

    internal CallableParameter(ParameterInfo parameter)
    {
        Info = parameter;
        Name = parameter.Name ?? $"arg{parameter.Position}";
        WireName = FlowJson.WireName(Name);
        JsonName = JsonSerializer.Serialize(WireName, FlowJson.Options);
        Type = parameter.ParameterType;
        Kind = KindOf(Type);
        HasDefault = parameter.HasDefaultValue;
        Default = HasDefault ? DefaultOf(parameter) : null;
        AllowsNull = Type.IsValueType
            ? Nullable.GetUnderlyingType(Type) is not null || Type == typeof(JsonElement)
            : new NullabilityInfoContext().Create(parameter).WriteState != NullabilityState.NotNull;
        Rules = [.. parameter.GetCustomAttributes<ValidationAttribute>()];
        Description = parameter.GetCustomAttribute<DescriptionAttribute>()?.Description;
        _typeInfo = new Lazy<JsonTypeInfo>(() => FlowJson.Options.GetTypeInfo(Type));
    }

    internal ParameterInfo Info { get; }

    internal string Name { get; }

    internal string WireName { get; }

    /// <summary>The name on the wire, in quotes.</summary>
    internal string JsonName { get; }

    internal Type Type { get; }

    internal ParameterKind Kind { get; }

    internal bool HasDefault { get; }

    internal object? Default { get; }

    internal bool AllowsNull { get; }

    internal IReadOnlyList<ValidationAttribute> Rules { get; }

    internal string? Description { get; }

    internal JsonTypeInfo TypeInfo => _typeInfo.Value;

    /// <summary>An argument as JSON.</summary>
    /// <param name="value">The argument.</param>
    /// <param name="target">What is called, in words.</param>
    /// <exception cref="PayloadLimitException">It is too large.</exception>
    internal string ToJson(object? value, string target) =>
        value is JsonElement { ValueKind: JsonValueKind.Undefined }
            ? "null"
            : BoundedJson.Write(value, TypeInfo, () => $"The argument '{Name}' of {target}");

    private static ParameterKind KindOf(Type type) =>
        type == typeof(FlowContext) ? ParameterKind.FlowContext
        : type == typeof(TaskContext) ? ParameterKind.TaskContext
        : type == typeof(CancellationToken) ? ParameterKind.CancellationToken
        : type == typeof(ILogger) ? ParameterKind.Logger
        : ParameterKind.Value;

    private static object? DefaultOf(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var underlying = Nullable.GetUnderlyingType(type);
        return parameter.DefaultValue switch
        {
            // "= default" of a struct is stored as null.
            null when type.IsValueType && underlying is null => Activator.CreateInstance(type),
            // A nullable enum's default is stored as its number.
            { } number when underlying is { IsEnum: true } => Enum.ToObject(underlying, number),
            var value => value,
        };
    }
}
