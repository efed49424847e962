using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Server.Queries;

namespace Serverless.Api.Http;

/// <summary>
/// Bounds what a request reads that only asks something. It is for stores without columns: where there are, a question costs what it costs.
/// Requests that change something are not broken off half-way.
/// </summary>
internal sealed class BoundedQuestions(QueryOptions options, TimeProvider time) : IEndpointFilter
{
    private static readonly string[] Beginnings =
    [
        "read_",
        "count_",
        "paginate_",
        "average_",
        "next_runs_",
        "flow_run_history_",
        "task_run_history_",
    ];

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var name = context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? string.Empty;
        if (!Array.Exists(Beginnings, beginning => name.StartsWith(beginning, StringComparison.Ordinal)))
        {
            return await next(context);
        }

        using var budget = ReadBudget.Open(options, time);
        return await next(context);
    }
}
