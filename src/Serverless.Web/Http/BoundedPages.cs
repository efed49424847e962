using Microsoft.AspNetCore.Http;
using Serverless.Server.Queries;

namespace Serverless.Web.Http;

/// <summary>
/// Bounds what a page reads, as the REST API bounds its questions. It is for stores without columns. An action is not broken off half-way.
/// </summary>
internal sealed class BoundedPages(QueryOptions options, TimeProvider time) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (!HttpMethods.IsGet(context.HttpContext.Request.Method))
        {
            return await next(context);
        }

        using var budget = ReadBudget.Open(options, time);
        return await next(context);
    }
}
