using System.Text.Json;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.Models;
using Serverless.Server.Schedules;

namespace Serverless.Api.Bodies;

/// <summary>Checks the schedules of request bodies.</summary>
internal static class ScheduleBodies
{
    /// <summary>Checks those of a deployment's body.</summary>
    /// <exception cref="InvalidRequestException">One has no times, or times that mean nothing.</exception>
    public static void Check(DeploymentCreate request, DateTimeOffset now) =>
        Check((request.Schedules ?? []).Select(each => (JsonElement?)each.Schedule), now, "schedules");

    /// <summary>Checks those of a change of a deployment.</summary>
    /// <exception cref="InvalidRequestException">One has times that mean nothing.</exception>
    public static void Check(DeploymentUpdate request, DateTimeOffset now) =>
        Check((request.Schedules ?? []).Select(each => each.Schedule), now, "schedules");

    /// <summary>Checks new schedules.</summary>
    /// <exception cref="InvalidRequestException">One has no times, or times that mean nothing.</exception>
    public static void Check(IReadOnlyList<DeploymentScheduleCreate> schedules, DateTimeOffset now) =>
        Check(schedules.Select(each => (JsonElement?)each.Schedule), now);

    /// <summary>Checks a changed schedule.</summary>
    /// <exception cref="InvalidRequestException">It has times that mean nothing.</exception>
    public static void Check(DeploymentScheduleUpdate schedule, DateTimeOffset now) =>
        Throw(schedule.Schedule is { } times ? Errors(times, now, ["body", "schedule"]) : []);

    private static void Check(IEnumerable<JsonElement?> schedules, DateTimeOffset now, params object[] place) =>
        Throw(schedules.SelectMany((times, index) => times is { } given ? Errors(given, now, ["body", .. place, index, "schedule"]) : []));

    private static void Throw(IEnumerable<RequestError> errors)
    {
        if (errors.Take(BodyValidation.MostErrors).ToList() is { Count: > 0 } found)
        {
            throw new InvalidRequestException(found);
        }
    }

    /// <summary>What is wrong with one. An empty object is none: that a deployment has no schedule is said by giving none.</summary>
    private static IEnumerable<RequestError> Errors(JsonElement given, DateTimeOffset now, object[] place)
    {
        if (!Schedule.TryParse(given, now, out var schedule, out var errors))
        {
            return errors.Select(error => new RequestError(error.Type, [.. place, .. error.Location], error.Message, error.Input));
        }

        return schedule is NoSchedule
            ? [new RequestError("missing", place, "Field required: one of interval, cron and rrule", given.Clone())]
            : [];
    }
}
