using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Api.Http;
using Serverless.Server.Runs;

namespace Serverless.Api;

/// <summary>Histories of flow runs, which tests of changed flows replay.</summary>
internal static class FlowRunHistoriesApi
{
    public static void MapFlowRunHistoriesApi(this IEndpointRouteBuilder api) =>
        api.MapGet("/flow_runs/{id:guid}/history", ReadAsync)
            .WithTags("Flow Runs")
            .Operation<JsonElement>("read_flow_run_history_flow_runs__id__history_get")
            .Refuses(StatusCodes.Status410Gone, StatusCodes.Status501NotImplemented);

    private static async Task<IResult> ReadAsync(Guid id, HttpContext http)
    {
        // In the function app the trigger brings them, with its durable client.
        var histories = http.Features.Get<IFlowRunHistories>() ?? http.RequestServices.GetService<IFlowRunHistories>();
        var history = histories is null
            ? new FlowRunHistory(FlowRunHistoryKind.None, "Flow run has no history: this host executes no flows.")
            : await histories.ExportAsync(id, http.RequestAborted);
        return history.Kind switch
        {
            FlowRunHistoryKind.Found => ApiResults.JsonText(history.Text),
            FlowRunHistoryKind.Gone => ApiResults.Detail(StatusCodes.Status410Gone, history.Text),
            FlowRunHistoryKind.NotOffered => ApiResults.Detail(StatusCodes.Status501NotImplemented, history.Text),
            _ => ApiResults.NotFound(history.Text),
        };
    }
}
