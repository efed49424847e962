using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Serverless.Web.Deployments;

/// <summary>A schedule as people type it.</summary>
/// <param name="Kind"><c>cron</c>, <c>interval</c> or <c>rrule</c>.</param>
/// <param name="What">The expression, a number of minutes, or the rule.</param>
/// <param name="Zone">The time zone.</param>
public sealed record ScheduleForm(string Kind = "cron", string What = "", string Zone = "UTC")
{
    /// <summary>The form that shows a stored schedule.</summary>
    public static ScheduleForm Of(JsonElement schedule)
    {
        var zone = Text("timezone") ?? "UTC";
        if (Text("cron") is { } cron)
        {
            return new ScheduleForm("cron", cron, zone);
        }

        return Text("rrule") is { } rule ? new ScheduleForm("rrule", rule, zone)
            : schedule.TryGetProperty("interval", out var interval) && interval.ValueKind == JsonValueKind.Number
                ? new ScheduleForm("interval", (interval.GetDouble() / 60).ToString(CultureInfo.InvariantCulture), zone)
            : new ScheduleForm(Zone: zone);

        string? Text(string name) =>
            schedule.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    /// <summary>The schedule with what a stored one says beside the times, as the anchor of an interval.</summary>
    /// <exception cref="BadHttpRequestException">It says no times.</exception>
    public JsonElement Schedule(JsonElement? before = null)
    {
        if (What.Length == 0)
        {
            throw new BadHttpRequestException("Say when: a cron expression, a number of minutes, or a recurrence rule.", 422);
        }

        var isSameKind = before is { } stored && Of(stored).Kind == Kind;
        var schedule = isSameKind ? JsonNode.Parse(before!.Value.GetRawText())!.AsObject() : [];
        schedule["timezone"] = Zone;
        schedule[
            Kind switch
            {
                "interval" => "interval",
                "rrule" => "rrule",
                _ => "cron",
            }
        ] =
            Kind != "interval" ? What
            : double.TryParse(What, CultureInfo.InvariantCulture, out var minutes) && minutes > 0 && minutes < 1e7 ? minutes * 60
            : throw new BadHttpRequestException("An interval is a number of minutes, such as 15.", 422);
        return JsonElement.Parse(schedule.ToJsonString());
    }
}
