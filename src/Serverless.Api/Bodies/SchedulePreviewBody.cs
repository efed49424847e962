using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Serverless.Api.Bodies;

/// <summary>Body of <c>POST /schedules/preview</c>.</summary>
internal sealed record SchedulePreviewBody
{
    /// <summary>The schedule, as a deployment would have it.</summary>
    public required JsonElement Schedule { get; init; }

    /// <summary>The earliest time; null for now.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>How many times at most.</summary>
    [Range(1, Server.Schedules.Schedule.MostTimes)]
    public int Count { get; set; } = 10; // With init, the generated reader gives 0 when the member is not there.
}
