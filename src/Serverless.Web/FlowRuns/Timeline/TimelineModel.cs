namespace Serverless.Web.FlowRuns;

/// <summary>What a flow run's timeline shows.</summary>
/// <param name="Rows">Its lines.</param>
/// <param name="Total">How many task runs there are.</param>
/// <param name="Scale">Where times lie.</param>
public sealed record TimelineModel(IReadOnlyList<TimelineRow> Rows, int Total, TimeScale Scale)
{
    /// <summary>Which part it is.</summary>
    public TimelineView View { get; init; } = TimelineView.Whole;

    /// <summary>When the flow run was paused; the last end is null while it still is.</summary>
    public IReadOnlyList<(DateTimeOffset Start, DateTimeOffset? End)> Pauses { get; init; } = [];

    /// <summary>The runs that decided how long it took.</summary>
    public IReadOnlySet<Guid> Critical { get; init; } = new HashSet<Guid>();

    /// <summary>Where a chosen range leads, without the range; null where there is nothing to choose.</summary>
    public string? Brush { get; init; }
}
