using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Web.FlowRuns;

namespace Serverless.Web.Runs;

/// <summary>All that can be done to many runs: what each page of a run does, to one run after the other.</summary>
internal sealed class BulkActions(FlowRunControl control, FlowRunService runs, RunGate gate, TimeProvider time)
{
    private const string Gone = "It was gone already.";

    /// <summary>Stops runs that have not ended.</summary>
    public BulkAction Cancel { get; } =
        new(
            "Cancel",
            "told to stop",
            "all that match the filters and have not ended. What they have done stays.",
            [.. Enum.GetValues<StateType>().Where(type => !type.IsFinal() && type != StateType.Cancelling)],
            async (id, token) =>
                await control.CancelAsync(id, "Cancelled from the page", token) is var answer && FlowRunPages.WasCancelled(answer)
                    ? null
                    : answer.Reason ?? "It has ended."
        );

    /// <summary>Starts runs again that ended. Of all that match, those that completed are left alone.</summary>
    public BulkAction Retry { get; } =
        new(
            "Retry",
            "started again",
            "all that match the filters and failed, crashed or were cancelled. Task runs that completed keep their results.",
            [StateType.Failed, StateType.Crashed, StateType.Cancelled],
            (id, token) => RetryAsync(id, runs, gate, time, token)
        );

    /// <summary>Deletes runs.</summary>
    public BulkAction Delete { get; } =
        new(
            "Delete",
            "deleted",
            "all that match the filters, with their task runs, logs, results and artifacts. Those that have not ended are stopped first. "
                + "Nothing brings them back.",
            Enum.GetValues<StateType>(),
            async (id, token) => await runs.DeleteAsync(id, token) ? null : Gone
        );

    private static async Task<string?> RetryAsync(
        Guid id,
        FlowRunService runs,
        RunGate gate,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (await runs.GetAsync(id, cancellationToken) is not { } run)
        {
            return Gone;
        }

        if (run.StateType is not { } type || !type.IsFinal())
        {
            return "It has not ended.";
        }

        // One that somebody else starts meanwhile is not started twice.
        var answer = await gate.SetFlowRunStateAsync(
            id,
            ProposedStates.AwaitingRetry(time.GetUtcNow(), "Retried from the page"),
            basis: FlowRunBasis.StateOf(run),
            cancellationToken: cancellationToken
        );
        return answer.IsAccepted ? null
            : answer is GateAnswer.Moved ? "It has changed meanwhile."
            : answer.Reason ?? "Its state does not allow it.";
    }
}
