using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.Models;
using Serverless.Server.Runs;

namespace Serverless.Api;

/// <summary>The task workers that are connected.</summary>
internal static class TaskWorkersApi
{
    public static void MapTaskWorkersApi(this IEndpointRouteBuilder api) =>
        api.MapGroup("/task_workers")
            .WithTags("Task Workers")
            .MapPost("/filter", Filter)
            .Operation<IReadOnlyList<TaskWorker>>("read_task_workers_task_workers_filter_post");

    private static IResult Filter(OptionalBody<TaskWorkerQuery> body, TaskWorkers workers) =>
        ApiResults.Json(workers.List(body.Value.TaskWorkerFilter?.TaskKeys));
}
