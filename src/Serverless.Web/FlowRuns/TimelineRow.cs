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
);
