using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>Judges the states that are proposed for task runs that are there, and writes them.</summary>
internal sealed class TaskRunProposals(RunReader reader, TaskRunJudge judge, TaskRunCommits commits, CommitRetry retry)
{
    /// <summary>Judges a state that the app itself proposes.</summary>
    public Task<GateAnswer> ProposeAsync(
        Guid flowRunId,
        Guid taskRunId,
        ProposedState proposed,
        string? resultJson,
        bool force,
        TaskRunBasis basis,
        CancellationToken cancellationToken
    ) =>
        retry.RunAsync<GateAnswer>(
            async token =>
            {
                // In this order: who starts the flow run again changes the task run after that, and then the commit fails.
                if (
                    await reader.TaskRunRowAsync(flowRunId, taskRunId, token) is not { } row
                    || await reader.FlowRunAsync(flowRunId, token) is not { } flowRun
                )
                {
                    return new GateAnswer.Missing();
                }

                var known = TaskRunAttempt.From(row, flowRun.Run);
                return basis.Holds(known.TaskRun) && basis.Holds(flowRun)
                    ? await TryProposeAsync(
                        known,
                        proposed,
                        resultJson,
                        force ? MinimalTaskPolicy.Instance : EngineTaskPolicy.Instance,
                        token
                    )
                    : new GateAnswer.Moved();
            },
            cancellationToken
        );

    /// <summary>
    /// Ends an attempt as it was begun, without reading anything, unless somebody has changed the task run since. What the flow
    /// run does meanwhile matters to starts alone.
    /// </summary>
    public async Task<GateAnswer> EndAsync(
        TaskRunAttempt attempt,
        ProposedState proposed,
        string? resultJson,
        CancellationToken cancellationToken
    )
    {
        var tried = await TryProposeAsync(attempt, proposed, resultJson, EngineTaskPolicy.Instance, cancellationToken);
        return tried.IsDone
            ? tried.Value
            : await ProposeAsync(
                attempt.FlowRun!.Id,
                attempt.TaskRun.Id,
                proposed,
                resultJson,
                force: false,
                TaskRunBasis.State(attempt.TaskRun.StateId),
                cancellationToken
            );
    }

    /// <summary>Judges a state that a client proposes.</summary>
    public Task<GateAnswer> SetStateAsync(
        Guid taskRunId,
        ProposedState proposed,
        bool force,
        TaskRunBasis basis,
        CancellationToken cancellationToken
    ) =>
        retry.RunAsync<GateAnswer>(
            async token =>
            {
                if (await reader.TaskRunAsync(taskRunId, token) is not { } stored)
                {
                    return new GateAnswer.Missing();
                }

                if (!basis.Holds(stored.TaskRun))
                {
                    return new GateAnswer.Moved();
                }

                if (!force && IsTheEngines(stored) && !IsAnEnd(stored.TaskRun, proposed))
                {
                    return Driven(stored.TaskRun);
                }

                RowOperation[] told =
                    IsTheEngines(stored) && stored.TaskRun.StateType == StateType.Running ? [RunPermits.EndAttempt(stored.TaskRun)] : [];
                return await TryProposeAsync(stored.Attempt, proposed, null, PolicyOf(proposed, force), token, told);
            },
            cancellationToken
        );

    /// <summary>As in Prefect, what a task worker is to run has rules of its own, forced or not.</summary>
    internal static TaskTransitionPolicy PolicyOf(ProposedState proposed, bool force) =>
        proposed.StateDetails.Deferred is true ? BackgroundTaskPolicy.Instance
        : force ? MinimalTaskPolicy.Instance
        : CoreTaskPolicy.Instance;

    private async Task<TryResult<GateAnswer>> TryProposeAsync(
        TaskRunAttempt known,
        ProposedState proposed,
        string? resultJson,
        TaskTransitionPolicy policy,
        CancellationToken cancellationToken,
        IReadOnlyList<RowOperation>? with = null
    )
    {
        var judgement = await judge.JudgeAsync(known, new[] { proposed }, policy, inTurn: false, cancellationToken);
        return
            judgement.Written.Count == 0
            || await commits.TryWriteAsync(known.FlowRun, known, judgement, resultJson, cancellationToken, with) is not null
            ? judgement.Answer
            : default(TryResult<GateAnswer>);
    }

    private static bool IsTheEngines(StoredTaskRun stored) =>
        stored is { FlowRun: { Registered: true } flowRun, TaskRun: { } run }
        && run.Id == TaskRunKeys.EnginesId(flowRun.Run.Id, run.TaskKey, run.DynamicKey);

    private static bool IsAnEnd(TaskRun run, ProposedState proposed) => proposed.Type.IsFinal() && run.StateType?.IsFinal() is not true;

    private static GateAnswer.Aborted Driven(TaskRun run) =>
        new(run.State, "The task run belongs to this app: its flow run sets its states. It can be ended, or forced.");
}
