using Microsoft.AspNetCore.Http;

namespace Serverless.Web.Http;

/// <summary>Sends the browser to another page after an action.</summary>
internal static class PageForwards
{
    public static IResult To(HttpContext http, string address)
    {
        if (!http.Request.Headers.ContainsKey("HX-Request"))
        {
            http.Response.Headers.Location = address;
            return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
        }

        http.Response.Headers["HX-Redirect"] = address;
        return TypedResults.NoContent();
    }
}
