using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Web.FlowRuns;
using Serverless.Web.Http;

namespace Serverless.Web.TaskRuns;

/// <summary>The page of a task run.</summary>
internal static class TaskRunPages
{
    public static void MapTaskRuns(this IEndpointRouteBuilder pages) => pages.MapGet("/runs/task-run/{id:guid}", ReadAsync);

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http, TaskRunReader reader)
    {
        if (http.Request.Headers["HX-Target"] == "tabs")
        {
            return await reader.ReadTabsAsync(id, http.Request, http.RequestAborted) is { } tabs
                ? PageResult.Of<FlowRunTabs>(tabs)
                : Missing(http);
        }

        return await reader.ReadAsync(id, http.Request, http.RequestAborted) is { } model
            ? PageResult.Of<TaskRunPage>(model)
            : Missing(http);
    }

    private static IResult Missing(HttpContext http) =>
        PageErrors.Show(
            http,
            StatusCodes.Status404NotFound,
            "There is no such task run. It may have been deleted together with its flow run."
        );
}
