using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Api.Http.Binding;
using Serverless.Core.Json;
using Serverless.Server.Queries;

namespace Serverless.Web.Http;

/// <summary>
/// Makes of the fields of a form the body of a REST operation, so that the page accepts what the operation accepts, and refuses
/// the rest for the same reasons.
/// </summary>
internal static class FormBody
{
    /// <summary>The body as the operation reads it.</summary>
    /// <exception cref="Serverless.Api.Http.InvalidRequestException">The operation would refuse it.</exception>
    public static T Read<T>(HttpContext http, JsonObject body)
        where T : class
    {
        var lease = http.RequestServices.GetRequiredService<RequestMemory>().Open();
        http.Response.RegisterForDispose(lease);
        return RequestBody.Parse(Encoding.UTF8.GetBytes(body.ToJsonString(WireJson.Options)), BodyType<T>.Json, lease)!;
    }

    /// <summary>The JSON value that somebody typed into a field.</summary>
    /// <exception cref="BadHttpRequestException">It is none.</exception>
    public static JsonNode? Value(string? text, string label)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new BadHttpRequestException(
                $"{label} is empty. Write JSON: a text stands in \"quotes\".",
                StatusCodes.Status422UnprocessableEntity
            );
        }

        try
        {
            return JsonNode.Parse(text, documentOptions: new() { MaxDepth = JsonDepth.Max });
        }
        catch (System.Text.Json.JsonException wrong)
        {
            throw new BadHttpRequestException(
                $"{label} is not JSON: {wrong.Message} A text stands in \"quotes\".",
                StatusCodes.Status422UnprocessableEntity,
                wrong
            );
        }
    }
}
