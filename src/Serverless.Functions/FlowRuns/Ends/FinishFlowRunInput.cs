using Serverless.Core.States;
using Serverless.Flows.Hosting;

namespace Serverless.Functions.FlowRuns;

/// <summary>Input of <see cref="FinishFlowRun"/>.</summary>
/// <param name="Start">The orchestration that proposes it.</param>
/// <param name="RunCount">The run's count in the attempt that has ended: a proposal that comes late must not end the next one.</param>
/// <param name="Type">The type of the state to propose.</param>
/// <param name="StateName">Its name when it is not the type's default, such as <c>TimedOut</c>.</param>
/// <param name="Message">What to say of it.</param>
/// <param name="ResultJson">The result that the state comes with; null for none.</param>
/// <param name="IfRunning">True to leave a run alone that is paused, being cancelled or final.</param>
/// <param name="Details">The details of a state that the author made. One that does not end the run has a transition id, by which it is
/// known again.</param>
public sealed record FinishFlowRunInput(
    FlowRunStart Start,
    int RunCount,
    StateType Type,
    string? StateName = null,
    string? Message = null,
    string? ResultJson = null,
    bool IfRunning = false,
    StateDetails? Details = null
)
{
    /// <summary>Where the value is to be stored; null to keep it with the run.</summary>
    public StoredResult? StoreAt { get; init; }

    /// <summary>Where the value lies that the body handed on; null for none.</summary>
    public StoredResult? Stored { get; init; }

    /// <summary>Whether the value goes to the caller only.</summary>
    public bool IsUnkept { get; init; }
}
