using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.Json;

namespace Serverless.Api.Http;

/// <summary>Times in the query string.</summary>
internal static class QueryTimes
{
    /// <summary>A time that may be left out.</summary>
    /// <exception cref="InvalidRequestException">It is no time.</exception>
    public static DateTimeOffset? Optional(HttpContext http, string name)
    {
        string? text = http.Request.Query[name];
        if (text is null)
        {
            return null;
        }

        var value = JsonTexts.String(text);
        try
        {
            return value.Deserialize(WireJson.TypeInfo<DateTimeOffset>());
        }
        catch (JsonException)
        {
            throw new InvalidRequestException(Problems.Of(typeof(DateTimeOffset), ["query", name], value));
        }
    }
}
