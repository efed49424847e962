using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Serverless.Api.Bodies;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Server.Schedules;

namespace Serverless.Api;

/// <summary>What schedules mean. Ours; Prefect's API has no such operation.</summary>
internal static class SchedulesApi
{
    // With the offset of the schedule's zone.
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFzzz";

    public static void MapSchedulesApi(this IEndpointRouteBuilder api) =>
        api.MapGroup("/schedules")
            .WithTags("Schedules")
            .MapPost("/preview", Preview)
            .Operation<IReadOnlyList<string>>("preview_schedule_schedules_preview_post")
            .Limit(BodyLimit.Query);

    /// <summary>The next times of a schedule, on the clock of its zone.</summary>
    private static IResult Preview(Body<SchedulePreviewBody> body, TimeProvider time)
    {
        var request = body.Value;
        var start = request.Start ?? time.GetUtcNow();
        if (!Schedule.TryParse(request.Schedule, start, out var schedule, out var errors))
        {
            throw new InvalidRequestException([
                .. errors.Select(error => new RequestError(
                    error.Type,
                    ["body", "schedule", .. error.Location],
                    error.Message,
                    error.Input
                )),
            ]);
        }

        return ApiResults.Json<IReadOnlyList<string>>([
            .. schedule.Next(start, request.Count).Select(next => next.ToString(Format, CultureInfo.InvariantCulture)),
        ]);
    }
}
