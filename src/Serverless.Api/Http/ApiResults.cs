using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serverless.Core.Json;
using Serverless.Core.States;

namespace Serverless.Api.Http;

/// <summary>Answers in the shapes of Prefect's server.</summary>
internal static class ApiResults
{
    public static IResult Json<T>(T value, int status = StatusCodes.Status200OK) =>
        TypedResults.Json(value, WireJson.TypeInfo<T>(), statusCode: status);

    public static IResult JsonText(string json, int status = StatusCodes.Status200OK) =>
        TypedResults.Text(json, "application/json", Encoding.UTF8, status);

    /// <summary>Prefect's rule: 201 when the request wrote a state, the one asked for or another in its place.</summary>
    /// <param name="result">The gate's answer.</param>
    /// <param name="before">When the request came.</param>
    public static IResult Transition(OrchestrationResult result, DateTimeOffset before) =>
        Json(result, result.State?.Timestamp >= before ? StatusCodes.Status201Created : StatusCodes.Status200OK);

    /// <summary>An error that one sentence says: <c>{"detail": "…"}</c>.</summary>
    public static IResult Detail(int status, string detail) => JsonText(Object("detail", detail), status);

    /// <summary>Status 423 of one who is to ask again for slots.</summary>
    public static IResult Locked(HttpContext http, double retryAfter, string detail = "Locked")
    {
        http.Response.Headers.RetryAfter = retryAfter.ToString(CultureInfo.InvariantCulture);
        return Detail(StatusCodes.Status423Locked, detail);
    }

    public static IResult NotFound(string detail) => Detail(StatusCodes.Status404NotFound, detail);

    public static IResult Message(int status, string message) => JsonText(Object("message", message), status);

    /// <summary>An error of the server: <c>{"exception_message": "…"}</c>.</summary>
    public static IResult Exception(int status, string message) => JsonText(Object("exception_message", message), status);

    /// <summary>
    /// Status 422. Prefect's server answers with <c>exception_message</c>, <c>exception_detail</c> and <c>request_body</c>, while its
    /// OpenAPI document promises <c>detail</c>: here are all four.
    /// </summary>
    public static IResult Invalid(InvalidRequestException invalid)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Encoder = WireJson.Encoder, MaxDepth = JsonDepth.Max }))
        {
            writer.WriteStartObject();
            writer.WriteString("exception_message", invalid.Message);
            WriteErrors(writer, "exception_detail", invalid.Errors);
            writer.WritePropertyName("request_body");
            if (invalid.Body is { ValueKind: not JsonValueKind.Undefined } body)
            {
                body.WriteTo(writer);
            }
            else
            {
                writer.WriteNullValue();
            }

            WriteErrors(writer, "detail", invalid.Errors);
            writer.WriteEndObject();
        }

        return JsonText(Encoding.UTF8.GetString(buffer.WrittenSpan), StatusCodes.Status422UnprocessableEntity);
    }

    private static void WriteErrors(Utf8JsonWriter writer, string name, IReadOnlyList<RequestError> errors)
    {
        writer.WriteStartArray(name);
        foreach (var error in errors)
        {
            error.Write(writer);
        }

        writer.WriteEndArray();
    }

    private static string Object(string name, string value) =>
        $"{{\"{name}\":{JsonSerializer.Serialize(Echo.Sentence(value), WireJson.TypeInfo<string>())}}}";
}
