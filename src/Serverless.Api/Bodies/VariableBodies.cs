using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Core.Validation;

namespace Serverless.Api.Bodies;

/// <summary>Checks how long the names and values of variables are; beyond it 422, in Prefect's words.</summary>
internal static class VariableBodies
{
    /// <summary>Most bytes of a value's JSON, written without spaces.</summary>
    public const int LongestValue = 5000;

    /// <summary>Checks a new variable.</summary>
    /// <exception cref="InvalidRequestException">Name or value are too long.</exception>
    public static void Check(VariableCreate request) => Check(request.Name, request.Value);

    /// <summary>Checks a changed variable.</summary>
    /// <exception cref="InvalidRequestException">Name or value are too long.</exception>
    public static void Check(VariableUpdate request) => Check(request.Name, request.Value);

    private static void Check(string? name, JsonElement? value)
    {
        List<RequestError> errors = [];
        if (name?.Length > VariableNameAttribute.Longest)
        {
            errors.Add(
                new RequestError(
                    "too_long",
                    ["body", "name"],
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Value should have at most {VariableNameAttribute.Longest} items after validation, not {name.Length}"
                    ),
                    JsonTexts.String(name),
                    new("max_length", JsonTexts.Number(VariableNameAttribute.Longest))
                )
            );
        }

        if (value is { } given && IsLong(given))
        {
            errors.Add(
                new RequestError(
                    "value_error",
                    ["body", "value"],
                    string.Create(CultureInfo.InvariantCulture, $"Value error, Variable value must be less than {LongestValue} characters"),
                    given
                )
            );
        }

        if (errors.Count > 0)
        {
            throw new InvalidRequestException(errors);
        }
    }

    private static bool IsLong(JsonElement value)
    {
        if (JsonMarshal.GetRawUtf8Value(value).Length <= LongestValue)
        {
            return false;
        }

        using Utf8JsonWriter writer = new(Stream.Null, new JsonWriterOptions { Encoder = WireJson.Encoder, MaxDepth = JsonDepth.Max });
        value.WriteTo(writer);
        return writer.BytesCommitted + writer.BytesPending > LongestValue;
    }
}
