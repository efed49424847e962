using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Serverless.Core.Schemas;
using Serverless.Storage;

namespace Serverless.Server.Api;

/// <summary>Turns what handlers throw into answers.</summary>
internal sealed partial class ApiErrorFilter(ILogger<ApiErrorFilter> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpContext http = context.HttpContext;
        try
        {
            return await next(context);
        }
        catch (InvalidRequestException invalid)
        {
            return ApiResults.Invalid(invalid);
        }
        catch (RequestRefusedException refused)
        {
            return ApiResults.Detail(refused.Status, refused.Message);
        }
        catch (RequestConflictException conflict)
        {
            return ApiResults.Detail(StatusCodes.Status409Conflict, conflict.Message);
        }
        catch (HydrationException hydration)
        {
            return ApiResults.Detail(StatusCodes.Status400BadRequest, $"Error hydrating flow run parameters: {hydration.Message}");
        }
        catch (RowStoreUnavailableException unavailable)
        {
            LogUnavailable(logger, unavailable, http.Request.Path);
            http.Response.Headers.RetryAfter = "1";
            return ApiResults.Exception(StatusCodes.Status503ServiceUnavailable, "Service Unavailable");
        }
        catch (BadHttpRequestException bad)
        {
            return ApiResults.Detail(bad.StatusCode, bad.Message);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read the answer.
            return TypedResults.StatusCode(StatusCodes.Status499ClientClosedRequest);
        }
#pragma warning disable CA1031 // The boundary: the caller is told that it failed, the log why.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogFailed(logger, error, http.Request.Method, http.Request.Path);
            return ApiResults.Exception(StatusCodes.Status500InternalServerError, "Internal Server Error");
        }
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed.")]
    private static partial void LogFailed(ILogger logger, Exception error, string method, PathString path);

    [LoggerMessage(LogLevel.Warning, "{Path}: the store is unavailable.")]
    private static partial void LogUnavailable(ILogger logger, Exception error, PathString path);
}
