namespace Serverless.Server.Runs;

/// <summary>Gives the histories of flow runs out, for replays of changed flows.</summary>
public interface IFlowRunHistories
{
    /// <summary>The history of a run so far: of the present attempt, if the flow was retried.</summary>
    /// <param name="flowRunId">The run, open or ended.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<FlowRunHistory> ExportAsync(Guid flowRunId, CancellationToken cancellationToken = default);
}
