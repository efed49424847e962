using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Serverless.Api.Http;
using Serverless.Core.Schemas;
using Serverless.Server;
using Serverless.Server.Queries;
using Serverless.Storage;
using Serverless.Web.Shared;

namespace Serverless.Web.Http;

/// <summary>
/// Turns what goes wrong behind a page into a page that says so: with the reason, or with the reference of the log's line.
/// </summary>
internal sealed partial class PageErrors(ILogger<PageErrors> logger) : IEndpointFilter
{
    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        try
        {
            return await next(context);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // The boundary of the page: whoever asked gets a page, and the log has the rest.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return Show(http, StatusOf(error), Explain(error, http));
        }
    }

    /// <summary>A page, or for htmx the notice alone.</summary>
    public static IResult Show(HttpContext http, int status, string message) =>
        http.Request.Headers.ContainsKey("HX-Request")
            ? PageResult.Of<NoticeView>(Notice.Failed(message), status)
            : PageResult.Of<ErrorPage>(new ErrorModel(status, message), status);

    private static int StatusOf(Exception error) =>
        error switch
        {
            RequestRefusedException refused => refused.Status,
            PageTooLargeException or QuestionTooLargeException or InvalidRequestException => StatusCodes.Status422UnprocessableEntity,
            RequestConflictException => StatusCodes.Status409Conflict,
            HydrationException => StatusCodes.Status400BadRequest,
            OverloadedException or RowStoreUnavailableException => StatusCodes.Status503ServiceUnavailable,
            BadHttpRequestException bad => bad.StatusCode,
            _ => StatusCodes.Status500InternalServerError,
        };

    private string Explain(Exception error, HttpContext http)
    {
        switch (error)
        {
            case RequestRefusedException
            or PageTooLargeException
            or QuestionTooLargeException
            or RequestConflictException
            or OverloadedException
            or BadHttpRequestException
            or HydrationException:
                return error.Message;
            case InvalidRequestException invalid:
                return string.Join(' ', invalid.Errors.Select(one => $"{string.Join('.', one.Location.Skip(1))}: {one.Message}."));
            case RowStoreUnavailableException:
                return "The store does not answer. Nothing is lost: try again in a moment.";
            case RowDamagedException damaged:
                return damaged.Message;
            default:
                var reference = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
                LogFailed(logger, error, http.Request.Path, reference);
                return $"Something went wrong that is not your doing. The host's log says what, under the reference {reference}.";
        }
    }

    [LoggerMessage(LogLevel.Error, "The page {Path} failed, reference {Reference}.")]
    private static partial void LogFailed(ILogger logger, Exception error, PathString path, string reference);
}
