namespace Serverless.Web.FlowRuns;

/// <summary>
/// The runs that decided how long a flow run took: the one that ended last, the one that it waited for, and so on. A run waits for the last
/// of the runs whose results it takes. One that takes none waits, as code does that goes on line by line, for the last that had ended.
/// </summary>
internal static class CriticalPath
{
    public static IReadOnlySet<Guid> Of(IReadOnlyList<TimelineRow> rows)
    {
        HashSet<Guid> path = [];
        var begun = rows.Where(row => row.Depth == 0 && row.Start is not null).ToList();
        var byId = begun.ToLookup(row => row.Id);
        var at = begun.MaxBy(row => row.End);
        while (at is not null && path.Add(at.Id))
        {
            var start = at.Start!.Value;
            var taken = at.After.SelectMany(id => byId[id]).ToList();
            at =
                taken.Count > 0
                    ? taken.MaxBy(row => row.End)
                    : begun.Where(row => row.End <= start && !path.Contains(row.Id)).MaxBy(row => row.End);
        }

        return path;
    }
}
