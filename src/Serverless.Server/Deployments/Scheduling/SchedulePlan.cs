namespace Serverless.Server.Deployments.Scheduling;

/// <summary>What the server keeps about one schedule of a deployment, besides what is on the wire.</summary>
internal sealed record SchedulePlan
{
    /// <summary>How many beginnings of revisions are kept. A run of an older revision counts as out of date.</summary>
    public const int MostRevisions = 20;

    /// <summary>The schedule.</summary>
    public required Guid ScheduleId { get; init; }

    /// <summary>
    /// Goes up with each change after which future runs would be wrong. The ids of runs follow from it: runs of an earlier revision can
    /// be told from those of this one, and none stands in the way of another.
    /// </summary>
    public int Revision { get; init; }

    /// <summary>When the last revisions began, oldest first; the last one is that of <see cref="Revision"/>.</summary>
    public required IReadOnlyList<DateTimeOffset> Began { get; init; }

    /// <summary>Every time of the schedule up to this one has its run, or is passed over for good.</summary>
    public required DateTimeOffset Cursor { get; init; }

    /// <summary>The plan of a new schedule, whose times count from now on.</summary>
    public static SchedulePlan New(Guid scheduleId, DateTimeOffset now) =>
        new()
        {
            ScheduleId = scheduleId,
            Revision = 0,
            Began = [now],
            Cursor = now.AddTicks(-1),
        };

    /// <summary>The plan after a change: runs of times after it are created anew.</summary>
    /// <param name="now">When the change is made.</param>
    /// <param name="keepsMissed">Whether times that the scheduler has not come to yet, and are past, stay to be looked at.</param>
    public SchedulePlan Revise(DateTimeOffset now, bool keepsMissed) =>
        this with
        {
            Revision = Revision + 1,
            Began = [.. Began.TakeLast(MostRevisions - 1), now],
            Cursor = keepsMissed && Cursor < now ? Cursor : now,
        };

    /// <summary>When a revision was followed by the next; null for the one there is, or one that is not known any more.</summary>
    public DateTimeOffset? EndOf(int revision)
    {
        var index = Began.Count - 1 - (Revision - revision);
        return index >= 0 && index < Began.Count - 1 ? Began[index + 1] : null;
    }
}
