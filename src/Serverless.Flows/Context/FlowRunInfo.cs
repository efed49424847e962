namespace Serverless.Flows;

/// <summary>The flow run that a body executes.</summary>
/// <param name="FlowRunId">The run's id.</param>
/// <param name="FlowRunName">The run's name.</param>
/// <param name="FlowName">The flow's name.</param>
/// <param name="RunCount">How often the run entered Running, this time included; 1 in the first attempt.</param>
/// <param name="ScheduledStartTime">When the run was expected to start (UTC).</param>
/// <param name="ParametersJson">The run's parameters: a JSON object.</param>
/// <param name="Tags">The run's tags.</param>
public sealed record FlowRunInfo(
    Guid FlowRunId,
    string FlowRunName,
    string FlowName,
    int RunCount,
    DateTimeOffset ScheduledStartTime,
    string ParametersJson,
    IReadOnlyList<string> Tags
)
{
    /// <summary>
    /// The address of the run's page, for messages to people; null unless the app's setting <c>PageUrl</c> says where the page is.
    /// Prefect's <c>runtime.flow_run.ui_url</c>.
    /// </summary>
    public string? Url { get; init; }
}
