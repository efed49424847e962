using System.Globalization;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <content>What clients do with task runs.</content>
internal sealed partial class TaskRunTransitions
{
    /// <summary>Judges the state that a client proposes, and writes it; null when there is no such task run.</summary>
    public async Task<OrchestrationResult?> SetStateAsync(
        Guid taskRunId,
        ProposedState proposed,
        bool force,
        TaskRunBasis basis,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            if (await reader.TaskRunAsync(taskRunId, cancellationToken) is not { } stored)
            {
                return null;
            }

            if (!basis.Holds(stored.TaskRun))
            {
                return RunGate.Moved;
            }

            if (!force && IsTheEngines(stored) && !IsAnEnd(stored.TaskRun, proposed))
            {
                return Driven(stored.TaskRun);
            }

            RowOperation[] told =
                IsTheEngines(stored) && stored.TaskRun.StateType == StateType.Running ? [RunPermits.EndAttempt(stored.TaskRun)] : [];
            if (await TryProposeAsync(stored.Attempt, proposed, null, PolicyOf(proposed, force), cancellationToken, told) is { } result)
            {
                return result;
            }
        }
    }

    /// <summary>As in Prefect, what a task worker is to run has rules of its own, forced or not.</summary>
    private static TaskTransitionPolicy PolicyOf(ProposedState proposed, bool force) =>
        proposed.StateDetails.Deferred is true ? BackgroundTaskPolicy.Instance
        : force ? MinimalTaskPolicy.Instance
        : CoreTaskPolicy.Instance;

    /// <summary>The id that a call has when the flow itself makes it; null for one that it cannot make.</summary>
    private static Guid? EnginesId(Guid flowRunId, string taskKey, string dynamicKey) =>
        int.TryParse(dynamicKey, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < StableIds.DynamicKeyLimit
            ? StableIds.TaskRun(flowRunId, taskKey, number)
            : null;

    private static bool IsTheEngines(StoredTaskRun stored) =>
        stored is { FlowRun: { Registered: true } flowRun, TaskRun: { } run }
        && run.Id == EnginesId(flowRun.Run.Id, run.TaskKey, run.DynamicKey);

    private static bool IsAnEnd(TaskRun run, ProposedState proposed) => proposed.Type.IsFinal() && run.StateType?.IsFinal() is not true;

    private static OrchestrationResult Driven(TaskRun run) =>
        new()
        {
            State = run.State,
            Status = SetStateStatus.Abort,
            Details = new StateAbortDetails("The task run is executed here: its flow run sets its states. It can be ended, or forced."),
        };
}
