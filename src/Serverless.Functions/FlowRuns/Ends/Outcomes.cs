using Serverless.Core.States;
using Serverless.Flows.Hosting;
using Serverless.Server.Runs;

namespace Serverless.Functions.FlowRuns;

/// <summary>States as the outcomes that orchestrators hand on.</summary>
internal static class Outcomes
{
    /// <summary>The outcome that a state stands for.</summary>
    public static CallOutcome Of(Guid runId, State state, string? resultJson = null) =>
        StoredResult.Of(state.Data) is { } stored ? Of(runId, state, null, stored) : Of(runId, state, resultJson, null);

    /// <summary>The outcome that a run has come to.</summary>
    public static CallOutcome Of(Guid runId, State state, RunResult? result) =>
        Of(runId, state, result?.Json) with
        {
            IsUnkept = result is { IsLost: true },
        };

    private static CallOutcome Of(Guid runId, State state, string? resultJson, StoredResult? stored) =>
        new(
            runId,
            state.Type,
            state.Name,
            state.Message,
            resultJson,
            state.Id,
            state.Timestamp,
            state.StateDetails.ErrorType,
            state.StateDetails.InnerErrorTypes
        )
        {
            Stored = stored,
        };

    /// <summary>The outcome of a run that is not there.</summary>
    public static CallOutcome Deleted(Guid runId) => new(runId, StateType.Crashed, StateNames.Crashed, "The run was deleted.", null);

    /// <summary>The outcome of an orchestration that does not drive its run any more.</summary>
    public static CallOutcome Superseded(Guid runId) => Refused(runId, "The run was started again.");

    /// <summary>The outcome of work that the gate did not let start.</summary>
    public static CallOutcome Refused(Guid runId, string? reason) => new(runId, StateType.Cancelled, StateNames.Cancelled, reason, null);
}
