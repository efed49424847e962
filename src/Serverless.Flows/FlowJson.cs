using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Serverless.Core.States;

namespace Serverless.Flows;

/// <summary>How parameters, arguments, results and run inputs are written as JSON: names in snake_case, enums as strings.</summary>
public static class FlowJson
{
    /// <summary>The options in use; read-only. Missing values of required members and nulls for non-nullable ones are refused.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>The name on the wire of a C# name.</summary>
    internal static string WireName(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Converters = { new JsonStringEnumConverter(), new WireConverter<State>(), new WireConverter<ProposedState>() },
        };
        options.MakeReadOnly();
        return options;
    }
}
