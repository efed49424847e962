using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Serverless.Api;

namespace Serverless.Web.Http;

/// <summary>Reads the form of an action, and refuses one that is not the page's own.</summary>
internal sealed class ActionCheck : IEndpointFilter
{
    private static readonly FormOptions Limits = new()
    {
        ValueCountLimit = 2000,
        ValueLengthLimit = ServerlessApi.LargestBody,
        KeyLengthLimit = 1024,
        BufferBody = false,
    };

    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (await ReadAsync(http) is not { } form || !await PageToken.IsValidAsync(http, form.Text(PageToken.Field)))
        {
            return PageErrors.Show(
                http,
                StatusCodes.Status403Forbidden,
                "This page is too old, or the request came from elsewhere: load the page again, then repeat what you did."
            );
        }

        http.Features.Set(form);
        return await next(context);
    }

    private static async Task<PageForm?> ReadAsync(HttpContext http)
    {
        var request = http.Request;
        if (!request.HasFormContentType)
        {
            return null;
        }

        if (request.ContentLength is not { } length)
        {
            throw new BadHttpRequestException("A form comes with its length.", StatusCodes.Status411LengthRequired);
        }

        return length > ServerlessApi.LargestBody
            ? throw new BadHttpRequestException("The form is too large.", StatusCodes.Status413PayloadTooLarge)
            : new PageForm(await request.ReadFormAsync(Limits, http.RequestAborted));
    }
}
