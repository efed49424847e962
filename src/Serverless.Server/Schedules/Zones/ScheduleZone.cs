using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Serverless.Server.Schedules;

/// <summary>A time zone of the system's tzdata: its clock, and the instants that the clock's times stand for.</summary>
internal sealed partial class ScheduleZone
{
    /// <summary>How far the clock of a zone is changed at most: Samoa left out a day in 2011.</summary>
    private static readonly TimeSpan LargestChange = TimeSpan.FromDays(1);

    private readonly TimeZoneInfo _zone;

    private ScheduleZone(TimeZoneInfo zone) => _zone = zone;

    /// <summary>UTC.</summary>
    public static ScheduleZone Utc { get; } = new(TimeZoneInfo.Utc);

    /// <summary>Finds a zone by its IANA name, spelled exactly.</summary>
    /// <param name="name">Such as <c>Europe/Berlin</c>; null or empty for UTC.</param>
    /// <param name="zone">The zone.</param>
    /// <returns>False if there is none of that name.</returns>
    public static bool TryFind(string? name, [NotNullWhen(true)] out ScheduleZone? zone)
    {
        zone = null;
        if (string.IsNullOrEmpty(name) || name == "UTC")
        {
            zone = Utc;
        }
        else if (
            name.Length <= 64
            && Name().IsMatch(name)
            && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found)
            && found.Id == name
        )
        {
            zone = new ScheduleZone(found);
        }

        return zone is not null;
    }

    /// <summary>The offset of the clock from UTC.</summary>
    /// <param name="utc">When.</param>
    public TimeSpan Offset(DateTime utc) => _zone.GetUtcOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc));

    /// <summary>What the clock shows.</summary>
    /// <param name="utc">When.</param>
    public DateTime Wall(DateTime utc) => DateTime.SpecifyKind(utc + Offset(utc), DateTimeKind.Unspecified);

    /// <summary>The instant with the offset of the zone.</summary>
    /// <param name="utc">When.</param>
    public DateTimeOffset At(DateTime utc)
    {
        var offset = Offset(utc);
        return new DateTimeOffset(DateTime.SpecifyKind(utc + offset, DateTimeKind.Unspecified), offset);
    }

    /// <summary>The instant at which the clock shows a time: the first of two.</summary>
    /// <param name="wall">The time.</param>
    /// <param name="gap">What to do with a time that is left out.</param>
    /// <returns>The instant in UTC, and whether the time is left out.</returns>
    public (DateTime Utc, bool IsLeftOut) Instant(DateTime wall, Gap gap)
    {
        // A day before and after there is one change in between at most, whatever the offset.
        var before = Offset(wall - LargestChange);
        var first = wall - before;
        if (Offset(first) == before)
        {
            return (first, false);
        }

        var after = Offset(wall + LargestChange);
        var second = wall - after;
        return Offset(second) == after ? (second, false) : (gap == Gap.Later ? first : second, true);
    }

    /// <summary>The earliest time on the clock that can stand for an instant at or after this one.</summary>
    /// <param name="utc">The instant.</param>
    public DateTime EarliestWall(DateTime utc)
    {
        var now = Offset(utc);
        var before = Offset(utc - LargestChange);
        return DateTime.SpecifyKind(utc + (before < now ? before : now), DateTimeKind.Unspecified);
    }

    /// <summary>Whether a time that is left out soon may come before this one.</summary>
    /// <param name="wall">A time that the clock shows.</param>
    /// <param name="utc">When it shows it.</param>
    public bool IsBeforeGap(DateTime wall, DateTime utc)
    {
        var change = Offset(utc + LargestChange) - Offset(utc);
        return change > TimeSpan.Zero && Instant(wall + change, Gap.Earlier).IsLeftOut;
    }

    // Names of tzdata, and none of the other folders and files beside them (the second list counts leap seconds).
    [GeneratedRegex(
        "^(?!right/|posix/|posixrules$|localtime$|Local$|leap)[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Name();
}
