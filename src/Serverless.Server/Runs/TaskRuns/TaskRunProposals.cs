using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Runs.Writing;

namespace Serverless.Server.Runs;

/// <summary>Judges the states that are proposed for task runs that are there, and writes them.</summary>
internal sealed class TaskRunProposals(
    RunReader reader,
    TaskRunJudge judge,
    TaskRunCommits commits,
    CommitRetry retry,
    TimeProvider time,
    IIdGenerator ids
)
{
    /// <summary>Judges a state that the app itself proposes.</summary>
    /// <param name="home">The partition of the task run: its flow run's id, if it is part of one.</param>
    /// <param name="taskRunId">The task run.</param>
    /// <param name="proposed">The state.</param>
    /// <param name="resultJson">The result to store if the task run completes.</param>
    /// <param name="force">True to skip the rules.</param>
    /// <param name="basis">What the proposal rests on.</param>
    /// <param name="assets">The assets that the attempt made; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<GateAnswer> ProposeAsync(
        Guid home,
        Guid taskRunId,
        ProposedState proposed,
        string? resultJson,
        bool force,
        TaskRunBasis basis,
        TaskRunAssets? assets,
        CancellationToken cancellationToken
    ) =>
        retry.RunAsync<GateAnswer>(
            async token =>
            {
                if (await reader.TaskRunRowAsync(home, taskRunId, token) is not { } row)
                {
                    return new GateAnswer.Missing();
                }

                // In this order: who starts the flow run again changes the task run after that, and then the commit fails.
                var known = TaskRunAttempt.From(row, null);
                StoredFlowRun? flowRun = null;
                if (known.TaskRun.FlowRunId is { } flowRunId)
                {
                    flowRun = await reader.FlowRunAsync(flowRunId, token);
                    if (flowRun is null)
                    {
                        return new GateAnswer.Missing();
                    }

                    known = known with { FlowRun = flowRun.Run };
                }

                return basis.Holds(known.TaskRun) && (flowRun is null || basis.Holds(flowRun))
                    ? await TryProposeAsync(
                        known,
                        proposed,
                        resultJson,
                        force ? MinimalTaskPolicy.Instance : EngineTaskPolicy.Instance,
                        token,
                        assets: assets
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
        TaskRunAssets? assets,
        CancellationToken cancellationToken
    )
    {
        var tried = await TryProposeAsync(attempt, proposed, resultJson, EngineTaskPolicy.Instance, cancellationToken, assets: assets);
        return tried.IsDone
            ? tried.Value
            : await ProposeAsync(
                TaskRunKeys.Home(attempt.TaskRun),
                attempt.TaskRun.Id,
                proposed,
                resultJson,
                force: false,
                TaskRunBasis.State(attempt.TaskRun.StateId),
                assets,
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

                return stored.Attempt.BackgroundDue is null
                    ? await TryProposeAsync(stored.Attempt, proposed, null, PolicyOf(proposed, force), token, TellFlow(stored))
                    : await TrySetBackgroundAsync(stored.Attempt, proposed, force, token);
            },
            cancellationToken
        );

    /// <summary>A task run of this app's own flow runs: whoever runs its attempt sees beside the permit that it was ended.</summary>
    private static TaskRunAdditions? TellFlow(StoredTaskRun stored) =>
        IsTheEngines(stored) && stored.TaskRun.StateType == StateType.Running
            ? new TaskRunAdditions { With = [RunPermits.EndAttempt(stored.TaskRun)] }
            : null;

    /// <summary>A background task run of this app: its orchestration is told of its new state.</summary>
    private async Task<TryResult<GateAnswer>> TrySetBackgroundAsync(
        TaskRunAttempt known,
        ProposedState proposed,
        bool force,
        CancellationToken cancellationToken
    )
    {
        if (known.TaskRun.StateType?.IsFinal() is true && !proposed.Type.IsFinal())
        {
            // Nobody would run it: its orchestration has ended.
            return new GateAnswer.Aborted(
                known.TaskRun.State,
                "A background task run that has ended does not start again: delay a new one."
            );
        }

        TaskRunAdditions told = new() { Entries = [BackgroundRows.Entry(ids, time.GetUtcNow(), known.TaskRun)] };
        var policy = force ? MinimalTaskPolicy.Instance : CoreTaskPolicy.Instance;
        return await TryProposeAsync(known, proposed, null, policy, cancellationToken, told);
    }

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
        TaskRunAdditions? with = null,
        TaskRunAssets? assets = null
    )
    {
        var judgement = await judge.JudgeAsync(known, new[] { proposed }, policy, inTurn: false, cancellationToken);
        if (assets is not null && AssetEntries.Of(assets, judgement, ids) is { } entered)
        {
            with = entered;
        }

        return
            judgement.Written.Count == 0
            || await commits.TryWriteAsync(known.FlowRun, known, judgement, resultJson, cancellationToken, with) is not null
            ? judgement.Answer
            : default(TryResult<GateAnswer>);
    }

    private static bool IsTheEngines(StoredTaskRun stored) =>
        stored.Attempt.BackgroundDue is not null
        || (
            stored is { FlowRun: { Registered: true } flowRun, TaskRun: { } run }
            && run.Id == TaskRunKeys.EnginesId(flowRun.Run.Id, run.TaskKey, run.DynamicKey)
        );

    private static bool IsAnEnd(TaskRun run, ProposedState proposed) => proposed.Type.IsFinal() && run.StateType?.IsFinal() is not true;

    private static GateAnswer.Aborted Driven(TaskRun run) =>
        new(run.State, "The task run belongs to this app, which sets its states. It can be ended, or forced.");
}
