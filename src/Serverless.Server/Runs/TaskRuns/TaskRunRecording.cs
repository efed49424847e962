using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>
/// Records the states of task runs that a client has judged by itself and only reports (Prefect's TaskRunRecorder). No rule refuses one:
/// it has happened. Each state is recorded once, by its id, and stands in its place by its time, in whatever order the reports come.
/// </summary>
internal sealed class TaskRunRecording(
    IRowStore store,
    RunReader reader,
    RunWriter writer,
    TaskRunCommits commits,
    TaskRunCalls calls,
    CommitRetry retry,
    TimeProvider time
)
{
    /// <summary>Records a state; creates the task run with the first one.</summary>
    /// <param name="flowRunId">The flow run that it is part of; null outside any flow.</param>
    /// <param name="taskRunId">Its id, unless the same call of the task has another one already.</param>
    /// <param name="report">What the client says of it.</param>
    /// <param name="state">The state that it entered.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when all is well; otherwise why nothing was recorded.</returns>
    public Task<string?> RecordAsync(
        Guid? flowRunId,
        Guid taskRunId,
        TaskRunReport report,
        State state,
        CancellationToken cancellationToken
    ) => retry.RunAsync(token => TryRecordAsync(flowRunId, taskRunId, report, state, token), cancellationToken);

    private async Task<TryResult<string?>> TryRecordAsync(
        Guid? flowRunId,
        Guid taskRunId,
        TaskRunReport report,
        State state,
        CancellationToken cancellationToken
    )
    {
        Row? flowRow = null;
        StoredFlowRun? flowRun = null;
        if (flowRunId is { } id)
        {
            flowRow = await store.GetAsync(RunKeys.FlowRun(id), cancellationToken);
            flowRun = flowRow is null ? null : StoredFlowRun.From(flowRow);
            if (flowRun is null)
            {
                return $"there is no flow run {id}";
            }
        }

        if (flowRun is { Registered: true } && TaskRunKeys.EnginesId(flowRun.Run.Id, report.TaskKey, report.DynamicKey) is not null)
        {
            return "the task run belongs to this app";
        }

        var home = TaskRunKeys.Home(flowRunId, report.TaskKey, report.DynamicKey);
        var call = TaskRunKeys.Call(home, report.TaskKey, report.DynamicKey);
        if (await calls.FindAsync(home, call, null, cancellationToken) is { } known)
        {
            if (known.BackgroundDue is not null)
            {
                return "the task run belongs to this app";
            }

            return await TryAddAsync(known with { FlowRun = flowRun?.Run }, report, state, cancellationToken);
        }

        if (await calls.IsTakenAsync(home, taskRunId, cancellationToken))
        {
            return $"there is another task run {taskRunId}, or was";
        }

        var now = WireClock.Now(time);
        TaskRun draft = new()
        {
            Id = taskRunId,
            Created = now,
            Updated = now,
            Name = RunNames.For(taskRunId),
            FlowRunId = flowRunId,
            TaskKey = report.TaskKey,
            DynamicKey = report.DynamicKey,
            Labels = RunLabels.For(flowRun?.Run, report.Labels),
        };
        var run = report.ApplyTo(draft, Of(draft, state));
        return Done(
            await commits.TryWriteAsync(
                flowRun?.Run,
                null,
                Judgement(run, null),
                null,
                cancellationToken,
                new TaskRunAdditions { With = TaskRunCalls.Claim(call, taskRunId, flowRow, flowRun) }
            )
                is not null
        );
    }

    private async Task<TryResult<string?>> TryAddAsync(
        TaskRunAttempt known,
        TaskRunReport report,
        State reported,
        CancellationToken cancellationToken
    )
    {
        var states = await reader.StatesAsync(known, cancellationToken).ToListAsync(cancellationToken);
        if (states.Exists(other => other.Id == reported.Id))
        {
            return Recorded;
        }

        // Two states of a run never have the same time: rows of states are found by it.
        var state = Of(known.TaskRun, reported);
        while (states.Exists(other => other.Timestamp == state.Timestamp))
        {
            state = state with { Timestamp = state.Timestamp.AddMicroseconds(1) };
        }

        if (known.TaskRun.State is { } present && state.Timestamp < present.Timestamp)
        {
            var history = known.History.WithLate(state, out var moved);
            TaskRunChange change = new()
            {
                Before = known,
                After = known with { History = history },
                Moved = moved,
            };
            return Done((await writer.TryWriteAsync(change, cancellationToken)).Succeeded);
        }

        var run = report.ApplyTo(known.TaskRun, state) with { Updated = WireClock.Now(time) };
        if (report.Labels is { } labels)
        {
            run = run with { Labels = RunLabels.For(known.FlowRun, labels) };
        }

        return Done(await commits.TryWriteAsync(known.FlowRun, known, Judgement(run, known), null, cancellationToken) is not null);
    }

    /// <summary>The client has judged. A run keeps the slots that this server gave it until it has ended.</summary>
    private static Judgement<TaskRun> Judgement(TaskRun run, TaskRunAttempt? known) =>
        new(run, [run.State!], new GateAnswer.Accepted(run.State!), run.StateType?.IsFinal() == true ? null : known?.Lease, [], []);

    private static State Of(TaskRun run, State state) =>
        state with
        {
            StateDetails = state.StateDetails with { FlowRunId = run.FlowRunId, TaskRunId = run.Id },
        };

    private static TryResult<string?> Recorded => new(null);

    private static TryResult<string?> Done(bool written) => written ? Recorded : default;
}
