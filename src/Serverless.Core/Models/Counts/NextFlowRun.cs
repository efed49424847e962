using Serverless.Core.States;

namespace Serverless.Core.Models;

/// <summary>The next run of a flow (Prefect's SimpleNextFlowRun).</summary>
/// <param name="Id">The run.</param>
/// <param name="FlowId">Its flow.</param>
/// <param name="Name">Its name.</param>
/// <param name="StateName">The name of its state.</param>
/// <param name="StateType">The type of its state.</param>
/// <param name="NextScheduledStartTime">When it is due (UTC).</param>
public sealed record NextFlowRun(
    Guid Id,
    Guid FlowId,
    string Name,
    string? StateName,
    StateType? StateType,
    DateTimeOffset NextScheduledStartTime
)
{
    /// <summary>A run that is due at some time.</summary>
    public static NextFlowRun Of(FlowRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new(run.Id, run.FlowId, run.Name, run.StateName, run.StateType, run.NextScheduledStartTime!.Value);
    }
}
