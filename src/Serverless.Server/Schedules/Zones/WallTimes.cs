namespace Serverless.Server.Schedules;

/// <summary>Turns times on a zone's clock into instants.</summary>
internal static class WallTimes
{
    /// <summary>
    /// The instants at or after <paramref name="from"/>, each once and in order, also around changes of the clock. They do not depend on
    /// <paramref name="from"/> otherwise.
    /// </summary>
    /// <param name="zone">The zone.</param>
    /// <param name="gap">What becomes of a time that is left out.</param>
    /// <param name="from">The earliest instant, in UTC.</param>
    /// <param name="walls">Times on the clock in order, from a given one on.</param>
    public static IEnumerable<DateTimeOffset> Instants(
        ScheduleZone zone,
        Gap gap,
        DateTime from,
        Func<DateTime, IEnumerable<DateTime>> walls
    )
    {
        // What is not told yet, because something earlier may follow: times that are left out move past their neighbours.
        SortedSet<DateTime> held = [];
        foreach (var wall in walls(zone.EarliestWall(from)))
        {
            var (utc, isLeftOut) = zone.Instant(wall, gap);
            if (utc >= from)
            {
                held.Add(utc);
            }

            if (isLeftOut || (gap == Gap.Earlier && zone.IsBeforeGap(wall, utc)))
            {
                continue;
            }

            while (held.Count > 0 && held.Min <= utc)
            {
                var next = held.Min;
                held.Remove(next);
                yield return zone.At(next);
            }
        }

        foreach (var rest in held)
        {
            yield return zone.At(rest);
        }
    }
}
