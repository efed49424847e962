using Microsoft.AspNetCore.Http;
using Serverless.Api.Http.Binding;

namespace Serverless.Api.Http;

/// <summary>Ids in the query string.</summary>
internal static class QueryIds
{
    /// <summary>An id that must be there.</summary>
    /// <exception cref="InvalidRequestException">The id is missing, or no id.</exception>
    public static Guid Required(HttpContext http, string name)
    {
        string? text = http.Request.Query[name];
        if (text is null)
        {
            throw new InvalidRequestException(new RequestError("missing", ["query", name], "Field required"));
        }

        return Guid.TryParse(text, out var id)
            ? id
            : throw new InvalidRequestException(
                new RequestError("uuid_parsing", ["query", name], "Input should be a valid UUID", JsonTexts.String(text))
            );
    }
}
