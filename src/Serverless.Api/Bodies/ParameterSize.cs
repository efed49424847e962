using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serverless.Api.Http;

namespace Serverless.Api.Bodies;

/// <summary>How large the parameters of a flow run may be; beyond it 422, in Prefect's words.</summary>
internal sealed class ParameterSize(ParameterOptions options)
{
    private readonly int _most = options.MaxBytes;

    /// <summary>Refuses parameters that are too large.</summary>
    /// <exception cref="InvalidRequestException">They are.</exception>
    public void Check(HttpRequest request, IReadOnlyDictionary<string, JsonElement> parameters)
    {
        if (_most == 0 || request.ContentLength <= _most)
        {
            return;
        }

        var size = SizeOf(parameters);
        if (size <= _most)
        {
            return;
        }

        // The parameters are not echoed: they would make the answer as large as they are.
        throw new InvalidRequestException(
            new RequestError(
                "value_error",
                ["body", "parameters"],
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Value error, Flow run parameters must be less than {_most:N0} bytes when serialized (got {size:N0} bytes)."
                )
            )
        );
    }

    private static long SizeOf(IReadOnlyDictionary<string, JsonElement> parameters)
    {
        using Utf8JsonWriter writer = new(
            Stream.Null,
            new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
        );
        writer.WriteStartObject();
        foreach ((var name, var value) in parameters)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }

        writer.WriteEndObject();
        return writer.BytesCommitted + writer.BytesPending;
    }
}
