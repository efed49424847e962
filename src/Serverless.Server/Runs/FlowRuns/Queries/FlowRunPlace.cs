using Serverless.Core.Filters;
using Serverless.Core.Models;

namespace Serverless.Server.Runs;

/// <summary>
/// A place in a list of flow runs: that of a run, whether it is still there or not. A list that goes on from a place shows no run twice and
/// leaves none out when others come or go before it.
/// </summary>
/// <param name="Value">What the order looks at: a time or the name; null when there is none.</param>
/// <param name="Id">The run.</param>
/// <param name="IsBackwards">Whether the list goes on towards its beginning.</param>
internal sealed record FlowRunPlace(object? Value, Guid Id, bool IsBackwards = false)
{
    /// <summary>The place of a run.</summary>
    public static FlowRunPlace Of(FlowRun run, FlowRunSort sort)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new(
            sort switch
            {
                FlowRunSort.IdDesc => null,
                FlowRunSort.StartTimeAsc or FlowRunSort.StartTimeDesc => run.StartTime ?? run.ExpectedStartTime,
                // The columns have no null there.
                FlowRunSort.ExpectedStartTimeAsc or FlowRunSort.ExpectedStartTimeDesc => run.ExpectedStartTime ?? DateTimeOffset.MinValue,
                FlowRunSort.NameAsc or FlowRunSort.NameDesc => run.Name,
                FlowRunSort.NextScheduledStartTimeAsc => run.NextScheduledStartTime,
                FlowRunSort.EndTimeDesc => run.EndTime,
                _ => throw new ArgumentOutOfRangeException(nameof(sort), sort, "The sort order is unknown."),
            },
            run.Id
        );
    }

    /// <summary>A run that would be at this place in each order that looks at such a value, for comparers.</summary>
    public FlowRun ToRun()
    {
        var time = Value is DateTimeOffset some && some > DateTimeOffset.MinValue ? some : (DateTimeOffset?)null;
        return new FlowRun
        {
            Id = Id,
            Name = Value as string ?? "",
            FlowId = Guid.Empty,
            StartTime = time,
            ExpectedStartTime = time,
            EndTime = time,
            NextScheduledStartTime = time,
        };
    }
}
