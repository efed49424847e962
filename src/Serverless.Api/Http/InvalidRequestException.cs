using System.Text.Json;

namespace Serverless.Api.Http;

/// <summary>A request that does not have the form of its operation: status 422.</summary>
internal sealed class InvalidRequestException(IReadOnlyList<RequestError> errors, JsonElement? body = null)
    : Exception("Invalid request received.")
{
    public InvalidRequestException(RequestError error, JsonElement? body = null)
        : this([error], body) { }

    public IReadOnlyList<RequestError> Errors => errors;

    public JsonElement? Body => body;
}
