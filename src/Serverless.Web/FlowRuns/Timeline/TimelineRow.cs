using Serverless.Core.States;

namespace Serverless.Web.FlowRuns;

/// <summary>A line of the timeline: a task run, or a subflow run.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Link">The address of its page.</param>
/// <param name="Type">The type of its state.</param>
/// <param name="StateName">The name of its state.</param>
/// <param name="IsSubflow">Whether it is a subflow run.</param>
/// <param name="Parts">What it did, in order: waited or executed.</param>
/// <param name="After">The ids of the runs whose results it took.</param>
/// <param name="Attempts">How often it was started.</param>
public sealed record TimelineRow(
    Guid Id,
    string Name,
    string Link,
    StateType? Type,
    string? StateName,
    bool IsSubflow,
    IReadOnlyList<TimelinePart> Parts,
    IReadOnlyList<Guid> After,
    int Attempts
)
{
    /// <summary>How many subflow runs it lies in that are open.</summary>
    public int Depth { get; init; }

    /// <summary>The address that opens a subflow run, or closes it; null for a task run.</summary>
    public string? Toggle { get; init; }

    /// <summary>Whether the task runs of a subflow run are shown below it.</summary>
    public bool IsOpen { get; init; }

    /// <summary>When it first executed; null when it has not begun.</summary>
    public DateTimeOffset? Start => Parts.FirstOrDefault(part => part.Kind is not null)?.Start;

    /// <summary>When it last executed; null when it has not begun.</summary>
    public DateTimeOffset? End => Parts.LastOrDefault(part => part.Kind is not null)?.End;
}
