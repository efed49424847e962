namespace Serverless.Web.FlowRuns;

/// <summary>What a flow run's timeline shows.</summary>
/// <param name="Rows">Its lines.</param>
/// <param name="Total">How many task runs there are.</param>
/// <param name="Scale">Where times lie.</param>
public sealed record TimelineModel(IReadOnlyList<TimelineRow> Rows, int Total, TimeScale Scale);
