using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>The row that lets task runs start: there just while their flow run is Running.</summary>
internal static class RunPermits
{
    /// <summary>Of <see cref="RunKeys.EndedAttempt"/>: the state of the attempt that was ended.</summary>
    public const string StateProperty = "state";

    /// <summary>Notes that a client ended the attempt which the task run's state stands for, wherever that attempt runs.</summary>
    public static RowOperation EndAttempt(TaskRun run) =>
        RowOperation.Upsert(RunKeys.EndedAttempt(run.FlowRunId!.Value, run.Id), new RowProperties { { StateProperty, run.StateId } });

    /// <summary>Adds what the flow run's next state does to the permit; null for no run.</summary>
    public static void Update(RowCommit commit, FlowRun? before, FlowRun? after)
    {
        var held = Of(before);
        var due = Of(after);
        if (held == due)
        {
            return;
        }

        if (held is { } left)
        {
            commit.Add(RowOperation.Delete(left));
        }

        if (due is { } entered)
        {
            commit.Add(RowOperation.Upsert(entered, []));
        }
    }

    /// <summary>The permit that the run gives; null unless it is Running.</summary>
    public static RowAddress? Of(FlowRun? run) => run?.StateType == StateType.Running ? RunKeys.Permit(run.Id, run.RunCount) : null;
}
