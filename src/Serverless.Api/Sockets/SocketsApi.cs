using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Events;
using Serverless.Api.Security;

namespace Serverless.Api.Sockets;

/// <summary>The websockets, which no OpenAPI document describes.</summary>
internal static class SocketsApi
{
    public static void MapSockets(this IEndpointRouteBuilder endpoints)
    {
        var sockets = endpoints.MapGroup("/api");
        sockets.MapGet("/events/in", EventSocket.TakeAsync).Socket("Events", "stream_events_in_events_in_get");
        sockets.MapGet("/events/out", EventsOutSocket.TakeAsync).Socket("Events", "stream_workspace_events_out_events_out_get");
        sockets.MapGet("/logs/out", LogSocket.TakeAsync).Socket("Logs", "stream_logs_out_logs_out_get");
        sockets
            .MapGet("/task_runs/subscriptions/scheduled", TaskRunSocket.TakeAsync)
            .Socket("Task Runs", "scheduled_task_subscription_task_runs_subscriptions_scheduled_get");
    }

    private static void Socket(this RouteHandlerBuilder endpoint, string tag, string name) =>
        endpoint
            .WithTags(tag)
            .Produces(StatusCodes.Status101SwitchingProtocols)
            .WithName(name)
            .WithMetadata(FirstMessageAuth.Instance)
            .ExcludeFromDescription();
}
