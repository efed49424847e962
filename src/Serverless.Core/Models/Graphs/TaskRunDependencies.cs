using Serverless.Core.States;

namespace Serverless.Core.Models;

/// <summary>A task run of a flow run, and the task runs whose results it takes (Prefect's DependencyResult).</summary>
/// <param name="Id">The task run.</param>
/// <param name="Name">Its name.</param>
/// <param name="UpstreamDependencies">The task runs whose results it takes, each once.</param>
/// <param name="State">Its state.</param>
/// <param name="ExpectedStartTime">When it was expected to start (UTC).</param>
/// <param name="StartTime">When it started (UTC).</param>
/// <param name="EndTime">When it ended (UTC).</param>
/// <param name="TotalRunTime">Seconds spent in Running states that it has left.</param>
/// <param name="EstimatedRunTime">The same with the running time so far.</param>
/// <param name="UntrackableResult">True when its result's origin cannot be tracked.</param>
public sealed record TaskRunDependencies(
    Guid Id,
    string Name,
    IReadOnlyList<TaskRunInput> UpstreamDependencies,
    State? State,
    DateTimeOffset? ExpectedStartTime,
    DateTimeOffset? StartTime,
    DateTimeOffset? EndTime,
    double TotalRunTime,
    double EstimatedRunTime,
    bool UntrackableResult
)
{
    /// <summary>Those of a task run with its estimates.</summary>
    public static TaskRunDependencies Of(TaskRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new(
            run.Id,
            run.Name,
            [
                .. run
                    .TaskInputs.Values.SelectMany(inputs => inputs)
                    .Where(input => input.InputType == TaskRunInput.TaskRunResult)
                    .Distinct(),
            ],
            run.State,
            run.ExpectedStartTime,
            run.StartTime,
            run.EndTime,
            run.TotalRunTime,
            run.EstimatedRunTime,
            run.State?.StateDetails.UntrackableResult ?? false
        );
    }
}
