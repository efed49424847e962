using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Functions.TaskRuns;

/// <summary>Tells refusals of task runs apart.</summary>
internal static class StartRefusals
{
    /// <summary>True when nothing of the flow run will start any more; false while it is paused, or on its way back from a pause.</summary>
    public static async Task<bool> IsForGoodAsync(FlowRunService runs, Guid flowRunId, int generation, CancellationToken cancellationToken)
    {
        FlowRun? flowRun = await runs.GetAsync(flowRunId, cancellationToken);
        return flowRun?.StateType is not { } type
            || type.IsFinal()
            || type == StateType.Cancelling
            || await runs.GetGenerationAsync(flowRunId, cancellationToken) != generation;
    }

    /// <summary>The gate's reason.</summary>
    public static string? ReasonOf(TaskRunStarted started) => started.Result.Details switch
    {
        StateAbortDetails abort => abort.Reason,
        StateRejectDetails reject => reject.Reason,
        _ => null,
    };
}
