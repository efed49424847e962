using System.Text.Json;
using Serverless.Core.Json;

namespace Serverless.Server.Schedules;

/// <summary>The members of one kind of schedule, read as pydantic reads them.</summary>
/// <param name="body">The schedule.</param>
/// <param name="kind">The kind.</param>
/// <param name="errors">Takes what is wrong.</param>
internal sealed class ScheduleMembers(JsonElement body, string kind, List<ScheduleError> errors)
{
    private static readonly string[] Yes = ["1", "true", "t", "yes", "y", "on"];
    private static readonly string[] No = ["0", "false", "f", "no", "n", "off"];

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>A text that has to be there.</summary>
    public string? Text(string name)
    {
        if (!TryGet(name, out var value))
        {
            errors.Add(new("missing", [kind, name], "Field required", body.Clone()));
            return null;
        }

        return value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : Refuse<string>("string_type", name, "Input should be a valid string", value);
    }

    /// <summary>The name of a zone, and the zone; no zone if there is none of that name.</summary>
    public (string? Name, ScheduleZone? Zone) Zone(string name, string? otherwise)
    {
        if (!TryGet(name, out var value))
        {
            return (otherwise, ScheduleZone.Utc);
        }

        if (value.ValueKind == JsonValueKind.Null)
        {
            return (null, ScheduleZone.Utc);
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return (null, Refuse<ScheduleZone>("string_type", name, "Input should be a valid string", value));
        }

        if (ScheduleZone.TryFind(value.GetString(), out var zone))
        {
            return (value.GetString(), zone);
        }

        errors.Add(ScheduleErrors.Zone([kind, name], value.GetString()!, value.Clone()));
        return (null, null);
    }

    /// <summary>True or false, in one of pydantic's spellings.</summary>
    public bool Flag(string name, bool otherwise)
    {
        if (!TryGet(name, out var value))
        {
            return otherwise;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                return value.GetBoolean();
            case JsonValueKind.Number when value.GetDouble() is 0 or 1:
                return value.GetDouble() == 1;
            case JsonValueKind.String when Yes.Concat(No).Contains(value.GetString(), StringComparer.OrdinalIgnoreCase):
                return Yes.Contains(value.GetString(), StringComparer.OrdinalIgnoreCase);
            case JsonValueKind.Number or JsonValueKind.String:
                errors.Add(new("bool_parsing", [kind, name], "Input should be a valid boolean, unable to interpret input", value.Clone()));
                return otherwise;
            default:
                errors.Add(new("bool_type", [kind, name], "Input should be a valid boolean", value.Clone()));
                return otherwise;
        }
    }

    /// <summary>A positive time: seconds, or a text that says a duration.</summary>
    public TimeSpan? Duration(string name)
    {
        _ = TryGet(name, out var value);
        if (value.ValueKind is not (JsonValueKind.Number or JsonValueKind.String))
        {
            errors.Add(new("time_delta_type", [kind, name], "Input should be a valid duration", value.Clone()));
            return null;
        }

        var duration =
            value.ValueKind == JsonValueKind.Number ? DurationText.FromSeconds(value.GetDouble()) : DurationText.Parse(value.GetString()!);
        if (duration is null)
        {
            errors.Add(
                new("time_delta_parsing", [kind, name], "Input should be a valid duration, such as 3600, PT1H or 01:00:00", value.Clone())
            );
        }
        else if (duration <= TimeSpan.Zero)
        {
            errors.Add(ScheduleErrors.Value([kind, name], "interval must be positive", value.Clone()));
        }

        return duration > TimeSpan.Zero ? duration : null;
    }

    /// <summary>An instant; without an offset it is in UTC.</summary>
    public DateTimeOffset? Instant(string name, DateTimeOffset otherwise)
    {
        if (!TryGet(name, out var value))
        {
            return otherwise;
        }

        if (value.ValueKind is not (JsonValueKind.Number or JsonValueKind.String))
        {
            errors.Add(new("datetime_type", [kind, name], "Input should be a valid datetime", value.Clone()));
            return null;
        }

        try
        {
            return value.Deserialize(WireJson.TypeInfo<DateTimeOffset>());
        }
        catch (JsonException)
        {
            errors.Add(new("datetime_from_date_parsing", [kind, name], "Input should be a valid datetime or date", value.Clone()));
            return null;
        }
    }

    /// <summary>Makes the schedule of an expression, or tells what is wrong with that.</summary>
    public T? Expression<T>(string name, string what, string text, Func<T> make)
        where T : Schedule
    {
        try
        {
            return make();
        }
        catch (ScheduleTextException wrong)
        {
            errors.Add(ScheduleErrors.Text([kind, name], what, text, wrong, body.GetProperty(name).Clone()));
            return null;
        }
    }

    /// <summary>Tells of every member that the kind does not have.</summary>
    public void RefuseOthers() =>
        errors.AddRange(
            body.EnumerateObject()
                .Where(member => !_known.Contains(member.Name))
                .Select(member => new ScheduleError(
                    "extra_forbidden",
                    [kind, member.Name],
                    "Extra inputs are not permitted",
                    member.Value.Clone()
                ))
        );

    private bool TryGet(string name, out JsonElement value)
    {
        _known.Add(name);
        return body.TryGetProperty(name, out value);
    }

    private T? Refuse<T>(string type, string name, string message, JsonElement value)
        where T : class
    {
        errors.Add(new(type, [kind, name], message, value.Clone()));
        return null;
    }
}
