using Serverless.Core.Models;

namespace Serverless.Server.Runs;

/// <summary>
/// What a proposal of the app's own for a task run rests on; see <see cref="FlowRunBasis"/>. The task run's row is read before its flow
/// run's, and the commit fails when the row has changed since: so both are true in the moment in which the state is written, or it is not
/// written.
/// </summary>
public sealed record TaskRunBasis
{
    private TaskRunBasis() { }

    /// <summary>For what somebody asks for right now, in whatever state the task run is: the rules alone decide.</summary>
    internal static TaskRunBasis None { get; } = new();

    internal bool IsOfState { get; private init; }

    internal Guid? StateId { get; private init; }

    internal FlowRunBasis FlowRun { get; private init; } = FlowRunBasis.None;

    /// <summary>The task run is in the state still that was read, whatever its flow run does.</summary>
    /// <param name="stateId">The id of that state.</param>
    public static TaskRunBasis State(Guid? stateId) => new() { IsOfState = true, StateId = stateId };

    /// <summary>The task run is in the state still in which it was read, and its flow run is as it was.</summary>
    public static TaskRunBasis StateOf(TaskRun run, FlowRunBasis flowRun)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(flowRun);
        return new()
        {
            IsOfState = true,
            StateId = run.StateId,
            FlowRun = flowRun,
        };
    }

    /// <summary>The flow run is as it was read; the task run may be in any state that the rules let go.</summary>
    public static TaskRunBasis Of(FlowRunBasis flowRun)
    {
        ArgumentNullException.ThrowIfNull(flowRun);
        return new() { FlowRun = flowRun };
    }

    internal bool Holds(TaskRun run) => !IsOfState || StateId == run.StateId;

    internal bool Holds(StoredFlowRun flowRun) => FlowRun.Holds(flowRun);
}
