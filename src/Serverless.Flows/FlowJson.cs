using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Serverless.Flows.Binding;

namespace Serverless.Flows;

/// <summary>
/// How parameters, arguments, results and run inputs are written as JSON: names in snake_case, enums as strings, public fields like
/// properties.
/// </summary>
public static class FlowJson
{
    /// <summary>The options in use; read-only. Missing values of required members and nulls for non-nullable ones are refused.</summary>
    public static JsonSerializerOptions Options { get; } = Create(JsonNumberHandling.AllowNamedFloatingPointLiterals, RefuseOtherTypes);

    /// <summary>For what is only shown, and not read again.</summary>
    internal static JsonSerializerOptions Shown { get; } = Create(JsonNumberHandling.AllowNamedFloatingPointLiterals);

    /// <summary>For schemas: who sends a number in JSON sends no NaN or infinity, which code may hand to code.</summary>
    internal static JsonSerializerOptions Schemas { get; } = Create(JsonNumberHandling.Strict);

    // A schema is not exported through a converter that is not the serializer's own.
    private static JsonConverter[] Readers =>
        [
            new IntegerConverter<sbyte>(),
            new IntegerConverter<byte>(),
            new IntegerConverter<short>(),
            new IntegerConverter<ushort>(),
            new IntegerConverter<int>(),
            new IntegerConverter<uint>(),
            new IntegerConverter<long>(),
            new IntegerConverter<ulong>(),
            new IntegerConverter<Int128>(),
            new IntegerConverter<UInt128>(),
            new TimestampConverter(),
            new UtcDateTimeConverter(),
        ];

    /// <summary>The name on the wire of a C# name.</summary>
    internal static string WireName(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static JsonSerializerOptions Create(JsonNumberHandling numbers, params Action<JsonTypeInfo>[] modifiers)
    {
        var resolver = new DefaultJsonTypeInfoResolver();
        foreach (var modifier in modifiers)
        {
            resolver.Modifiers.Add(modifier);
        }

        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            IncludeFields = true,
            AllowOutOfOrderMetadataProperties = true,
            NumberHandling = numbers,
            TypeInfoResolver = resolver,
            Converters = { new JsonStringEnumConverter() },
        };
        if (numbers != JsonNumberHandling.Strict)
        {
            foreach (var reader in Readers)
            {
                options.Converters.Add(reader);
            }
        }

        options.MakeReadOnly();
        return options;
    }

    /// <summary>A value of a derived type would be written as its base is, and what it has besides would be lost without a word.</summary>
    private static void RefuseOtherTypes(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object || info.Type.IsSealed || info.PolymorphismOptions is not null)
        {
            return;
        }

        var before = info.OnSerializing;
        info.OnSerializing = value =>
        {
            if (value.GetType() != info.Type)
            {
                var derived = TypeNames.Of(value.GetType());
                throw new FlowRegistrationException(
                    $"A {derived} cannot be used as a {TypeNames.Of(info.Type)} in JSON: its additional members would be lost. "
                        + $"Mark {TypeNames.Of(info.Type)} with [JsonDerivedType(typeof({derived}), \"…\")], or declare {derived}."
                );
            }

            before?.Invoke(value);
        };
    }
}
