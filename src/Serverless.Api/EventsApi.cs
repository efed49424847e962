using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Events;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Api.Security;
using Serverless.Core.Models;
using Serverless.Server.Events;

namespace Serverless.Api;

/// <summary>What clients report: by requests, or by a websocket.</summary>
internal static class EventsApi
{
    public static void MapEventsApi(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/events").WithTags("Events");
        group.MapPost("", CreateAsync).Operation("create_events_events_post").Limit(BodyLimit.Values);
    }

    private static async Task<IResult> CreateAsync(Body<IReadOnlyList<Event>> body, HttpContext http, EventIntake intake)
    {
        EventRules.Check(body.Value);
        foreach (var reported in body.Value)
        {
            await intake.TakeAsync(reported, http.RequestAborted);
        }

        return TypedResults.NoContent();
    }
}
