using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Serverless.Api.Security;
using Serverless.Core.Schemas;
using Serverless.Server;
using Serverless.Server.Queries;
using Serverless.Storage;

namespace Serverless.Api.Http;

/// <summary>
/// Turns what goes wrong in a request into an answer of Prefect's shape, wherever it goes wrong: in its head, its handler or its answer.
/// </summary>
internal sealed partial class ApiErrors(
    RequestDelegate next,
    ILogger<ApiErrors> logger,
    RequestMemory memory,
    IRowStore store,
    CrossOrigins origins,
    AllowedHosts? hosts = null
)
{
    public async Task InvokeAsync(HttpContext http)
    {
        SecurityHeaders.Set(http.Response);
        using var answer = AnswerMemory.Open(memory);
        try
        {
            RequestHead.CheckSender(http.Request, hosts, origins);
            await next(http);
            await ExplainAsync(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read the answer.
            if (!http.Response.HasStarted)
            {
                http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            }
        }
        catch (Exception error) when (!http.Response.HasStarted)
        {
            var explained = await DurableAsync(error, http);
            http.Response.Clear();
            SecurityHeaders.Set(http.Response);
            if (error is RowStoreUnavailableException or OverloadedException)
            {
                http.Response.Headers.RetryAfter = ((error as OverloadedException)?.RetryAfter ?? 1).ToString();
            }

            await explained.ExecuteAsync(http);
        }
#pragma warning disable CA1031 // The boundary: an answer that broke off must not look whole, and the log says why.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogFailed(logger, error, http.Request.Method, http.Request.Path);
            http.Abort();
        }
    }

    /// <summary>An answer that refuses may tell of what was read, too.</summary>
    private async ValueTask<IResult> DurableAsync(Exception error, HttpContext http)
    {
        try
        {
            await store.WhenDurableAsync();
            return AnswerTo(error, http);
        }
        catch (RowStoreUnavailableException lost)
        {
            return AnswerTo(lost, http);
        }
    }

    private IResult AnswerTo(Exception error, HttpContext http)
    {
        switch (error)
        {
            case InvalidRequestException invalid:
                return ApiResults.Invalid(invalid);
            case RequestRefusedException refused:
                return ApiResults.Detail(refused.Status, refused.Message);
            case PageTooLargeException page:
                return ApiResults.Detail(StatusCodes.Status422UnprocessableEntity, page.Message);
            case QuestionTooLargeException question:
                return ApiResults.Detail(StatusCodes.Status422UnprocessableEntity, question.Message);
            case RequestConflictException conflict:
                return ApiResults.Detail(StatusCodes.Status409Conflict, conflict.Message);
            case HydrationException hydration:
                return ApiResults.Detail(StatusCodes.Status400BadRequest, $"Error hydrating flow run parameters: {hydration.Message}");
            case OverloadedException overloaded:
                return ApiResults.Detail(StatusCodes.Status503ServiceUnavailable, overloaded.Message);
            case RowStoreUnavailableException unavailable:
                LogUnavailable(logger, unavailable, http.Request.Path);
                return ApiResults.Exception(StatusCodes.Status503ServiceUnavailable, "Service Unavailable");
            case RowDamagedException damaged:
                // Not logged here: the store has, once, and every request for the row ends here.
                return ApiResults.Exception(StatusCodes.Status500InternalServerError, damaged.Message);
            case BadHttpRequestException bad:
                return ApiResults.Detail(bad.StatusCode, bad.Message);
            default:
                LogFailed(logger, error, http.Request.Method, http.Request.Path);
                return ApiResults.Exception(StatusCodes.Status500InternalServerError, "Internal Server Error");
        }
    }

    /// <summary>Gives the answers of routing a body: no such path, or no such method of it.</summary>
    private static Task ExplainAsync(HttpContext http)
    {
        var detail = http.Response switch
        {
            { HasStarted: true } or { ContentType: not null } => null,
            { StatusCode: StatusCodes.Status404NotFound } => "Not Found",
            { StatusCode: StatusCodes.Status405MethodNotAllowed } => "Method Not Allowed",
            _ => null,
        };
        return detail is null ? Task.CompletedTask : ApiResults.Detail(http.Response.StatusCode, detail).ExecuteAsync(http);
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed.")]
    private static partial void LogFailed(ILogger logger, Exception error, string method, PathString path);

    [LoggerMessage(LogLevel.Warning, "{Path}: the store is unavailable.")]
    private static partial void LogUnavailable(ILogger logger, Exception error, PathString path);
}
