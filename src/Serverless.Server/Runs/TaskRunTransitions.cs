using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>
/// The task runs' part of <see cref="RunGate"/>. Every commit checks that the flow run is the one the rules judged by, so
/// that no work starts under a flow run that is being stopped, and nothing is added to a deleted one.
/// </summary>
internal sealed class TaskRunTransitions(IRowStore store, TimeProvider time, IIdGenerator ids, RunReader reader)
{
    // Never drawn from: stands in where no retry is spread.
    private static readonly Random NoJitter = new(0);

    private static readonly ProposedState[] FirstStates = [ProposedStates.Pending(), ProposedStates.Running()];
    private static readonly ProposedState[] NextStates = [ProposedStates.Running()];

    public async Task<TaskRunStarted?> BeginAsync(TaskRunStart start, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await reader.FlowRunAsync(start.FlowRunId, cancellationToken) is not { } flowRun)
            {
                return null;
            }

            Row? row = await reader.TaskRunRowAsync(start.FlowRunId, start.TaskRunId, cancellationToken);
            TaskRun? stored = row is null ? null : RowDocs.Read<TaskRun>(row);
            if (start.Generation is { } generation && generation != flowRun.Generation)
            {
                return new TaskRunStarted(Superseded(stored), stored, null);
            }

            if (stored is not null && GoesOn(stored, flowRun.Run))
            {
                string? resultJson = stored.StateType == StateType.Completed
                    ? await reader.TextAsync(RunKeys.TaskRunResult(start.FlowRunId, start.TaskRunId), cancellationToken)
                    : null;
                return new TaskRunStarted(Unchanged(stored), stored, resultJson);
            }

            Judgement<TaskRun> judgement = stored is null
                ? Judge(NewTaskRun(start), FirstStates, flowRun.Run, EngineTaskPolicy.Instance)
                : Judge(stored, NextStates, flowRun.Run, EngineTaskPolicy.Instance);

            // A new task run whose start is refused outright is not created: nobody would ever end it.
            if (judgement.Written.Count < (stored is null ? FirstStates.Length : NextStates.Length))
            {
                return new TaskRunStarted(judgement.Result with { State = stored?.State }, stored, null);
            }

            if (await CommitAsync(flowRun, row, stored, judgement, null, cancellationToken))
            {
                return new TaskRunStarted(judgement.Result, judgement.Run, null);
            }
        }
    }

    public async Task<OrchestrationResult?> ProposeAsync(
        Guid flowRunId, Guid taskRunId, ProposedState proposed, string? resultJson, bool force, Guid? expectedStateId, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await reader.FlowRunAsync(flowRunId, cancellationToken) is not { } flowRun
                || await reader.TaskRunRowAsync(flowRunId, taskRunId, cancellationToken) is not { } row)
            {
                return null;
            }

            TaskRun stored = RowDocs.Read<TaskRun>(row);
            if (expectedStateId is { } expected && expected != stored.StateId)
            {
                return RunGate.Moved;
            }

            Judgement<TaskRun> judgement = Judge(
                stored, [proposed], flowRun.Run, force ? MinimalTaskPolicy.Instance : EngineTaskPolicy.Instance);
            if (judgement.Written.Count == 0 || await CommitAsync(flowRun, row, stored, judgement, resultJson, cancellationToken))
            {
                return judgement.Result;
            }
        }
    }

    /// <summary>
    /// True for an attempt that is repeated: it is Running already, or has ended. A run that did not complete starts again
    /// when its flow run does.
    /// </summary>
    private static bool GoesOn(TaskRun stored, FlowRun flowRun) => stored.StateType switch
    {
        StateType.Running => flowRun.StateType == StateType.Running && stored.FlowRunRunCount >= flowRun.RunCount,
        StateType.Completed => true,
        { } type => type.IsFinal() && stored.FlowRunRunCount >= flowRun.RunCount,
        null => false,
    };

    private Judgement<TaskRun> Judge(TaskRun run, ReadOnlySpan<ProposedState> states, FlowRun flowRun, TaskTransitionPolicy policy)
    {
        Random random = run.EmpiricalPolicy.RetryJitterFactor > 0 ? new Random(ids.NewId().GetHashCode()) : NoJitter;
        List<State> written = new(states.Length);
        OrchestrationResult? result = null;
        foreach (ProposedState proposed in states)
        {
            TransitionOutcome<TaskRun> outcome = TaskRunGate.Evaluate(
                run, proposed, new TaskTransitionFacts(time.GetUtcNow(), ids, random, flowRun), policy);
            result = outcome.ToResult();
            run = outcome.Run;
            if (outcome.Written is { } state)
            {
                written.Add(state);
            }

            if (outcome.Status != SetStateStatus.Accept)
            {
                break;
            }
        }

        return new Judgement<TaskRun>(run, written, result!);
    }

    private async ValueTask<bool> CommitAsync(
        StoredFlowRun flowRun, Row? row, TaskRun? before, Judgement<TaskRun> judgement, string? resultJson, CancellationToken cancellationToken)
    {
        TaskRun run = judgement.Run;
        Guid flowRunId = flowRun.Run.Id;
        RowAddress address = RunKeys.TaskRun(flowRunId, run.Id);
        RowCommit commit = new();
        commit.Add(RowOperation.Check(RunKeys.FlowRun(flowRunId), flowRun.ETag));
        commit.Add(row is null
            ? RowOperation.Insert(address, RowDocs.Of(run))
            : RowOperation.Replace(address, RowDocs.Of(run), row.ETag));
        foreach (State state in judgement.Written)
        {
            commit.Add(RowOperation.Upsert(RunKeys.TaskRunState(flowRunId, run.Id, state.Timestamp), RowDocs.Of(state)));
        }

        RunGate.AddResult(
            commit, RunKeys.TaskRunResult(flowRunId, run.Id), before?.StateType, judgement.Written[^1], judgement.Result.Status, resultJson);
        if (row is null)
        {
            commit.AddDerived(RowOperation.Upsert(RunKeys.TaskRunOwner(run.Id), new RowProperties { { RunReader.FlowRunProperty, flowRunId } }));
        }

        return (await store.CommitAsync(commit, cancellationToken)).Succeeded;
    }

    private TaskRun NewTaskRun(TaskRunStart start) => new()
    {
        Id = start.TaskRunId,
        Created = WireClock.Now(time),
        Name = start.Name,
        FlowRunId = start.FlowRunId,
        TaskKey = start.TaskKey,
        DynamicKey = start.DynamicKey,
        TaskVersion = start.TaskVersion,
        EmpiricalPolicy = start.EmpiricalPolicy,
        Tags = start.Tags,
        TaskInputs = start.TaskInputs,
    };

    private static OrchestrationResult Unchanged(TaskRun run) => run.StateType == StateType.Running
        ? new() { State = run.State, Status = SetStateStatus.Accept, Details = new StateAcceptDetails() }
        : new() { State = run.State, Status = SetStateStatus.Reject, Details = new StateRejectDetails("The task run has ended already.") };

    private static OrchestrationResult Superseded(TaskRun? run) => new()
    {
        State = run?.State,
        Status = SetStateStatus.Abort,
        Details = new StateAbortDetails("The flow run was started again: this orchestration no longer drives it."),
    };
}
