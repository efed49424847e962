using Serverless.Core.Filters;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>Where the candidates of a query come from: runs by id, or lists.</summary>
/// <param name="Ids">The only runs that can match; null when lists have to be read.</param>
/// <param name="Lists">Lists that together hold every run that can match.</param>
/// <param name="IsExact">True when every run of the lists matches, so that counting need not read what their rows tell.</param>
internal sealed record FlowRunSource(IReadOnlyCollection<Guid>? Ids, IReadOnlyList<string> Lists, bool IsExact = false)
{
    /// <summary>The earliest expected start of a run that can match; null for any.</summary>
    public DateTimeOffset? After { get; init; }

    /// <summary>The latest expected start of a run that can match; null for any.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>What the rows of runs that can match meet.</summary>
    public IReadOnlyList<RowCondition> Where { get; init; } = [];

    /// <summary>The part of it in which runs beyond a place of an order can be.</summary>
    public FlowRunSource Narrow(FlowRunSort sort, FlowRunPlace beyond)
    {
        if (
            sort is not (FlowRunSort.ExpectedStartTimeAsc or FlowRunSort.ExpectedStartTimeDesc)
            || beyond.ToRun().ExpectedStartTime is not { } time
        )
        {
            return this;
        }

        return (sort == FlowRunSort.ExpectedStartTimeDesc) != beyond.IsBackwards
            ? this with
            {
                Before = Before < time ? Before : time,
            }
            : this with
            {
                After = After > time ? After : time,
            };
    }
}
