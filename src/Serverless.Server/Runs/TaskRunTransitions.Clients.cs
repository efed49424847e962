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
        Guid taskRunId, ProposedState proposed, bool force, Guid? expectedStateId, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await reader.TaskRunAsync(taskRunId, cancellationToken) is not { } stored)
            {
                return null;
            }

            if (expectedStateId is { } expected && expected != stored.TaskRun.StateId)
            {
                return RunGate.Moved;
            }

            if (!force && IsTheEngines(stored) && !IsAnEnd(stored.TaskRun, proposed))
            {
                return Driven(stored.TaskRun);
            }

            if (await TryProposeAsync(stored.Attempt, proposed, null, PolicyOf(proposed, force), cancellationToken) is { } result)
            {
                return result;
            }
        }
    }

    /// <summary>Creates a client's task run, or gives the one that is there for the same call.</summary>
    /// <exception cref="RequestConflictException">There is no such flow run, or the id is that of another call.</exception>
    public async Task<TaskRunCreated> CreateAsync(TaskRunCreate request, CancellationToken cancellationToken)
    {
        Guid home = TaskRunKeys.Home(request.FlowRunId, request.TaskKey, request.DynamicKey);
        RowAddress call = TaskRunKeys.Call(home, request.TaskKey, request.DynamicKey);
        ProposedState first = request.State ?? ProposedStates.Pending();
        while (true)
        {
            Row? flowRow = null;
            StoredFlowRun? flowRun = null;
            if (request.FlowRunId is { } flowRunId)
            {
                flowRow = await store.GetAsync(RunKeys.FlowRun(flowRunId), cancellationToken);
                flowRun = flowRow is null ? null : StoredFlowRun.From(flowRow);
                _ = flowRun ?? throw new RequestConflictException($"Error creating task run: there is no flow run {flowRunId}.");
            }

            Guid? engines = flowRun is { Registered: true } ? EnginesId(flowRun.Run.Id, request.TaskKey, request.DynamicKey) : null;
            if (await FindAsync(home, call, engines, cancellationToken) is { } existing)
            {
                return new TaskRunCreated(existing, Created: false);
            }

            if (request.Id is { } given && await IsTakenAsync(home, given, cancellationToken))
            {
                throw new RequestConflictException($"Error creating task run: there is another task run {given}, or was.");
            }

            TaskRun draft = NewTaskRun(request, request.Id ?? engines ?? ids.NewId(), flowRun?.Run);
            Judgement<TaskRun> judgement = await JudgeAsync(draft, null, [first], flowRun?.Run, PolicyOf(first, force: true), cancellationToken);
            List<RowOperation> with = [RowOperation.Insert(call, new RowProperties { { CallProperty, draft.Id } })];
            if (flowRow is not null && RunPermits.Of(flowRun!.Run) is null)
            {
                // Written as it is: a deletion meanwhile makes the commit fail. While the flow run is Running its permit does that.
                with.Add(RowOperation.Replace(RunKeys.FlowRun(flowRun.Run.Id), flowRow.Properties, flowRow.ETag));
            }

            if (await CommitAsync(flowRun?.Run, null, judgement, null, cancellationToken, with) is not null)
            {
                return new TaskRunCreated(judgement.Run, Created: true);
            }
        }
    }

    private const string CallProperty = "run";

    /// <summary>As in Prefect, what a task worker is to run has rules of its own, forced or not.</summary>
    private static TaskTransitionPolicy PolicyOf(ProposedState proposed, bool force) =>
        proposed.StateDetails.Deferred is true ? BackgroundTaskPolicy.Instance
        : force ? MinimalTaskPolicy.Instance
        : CoreTaskPolicy.Instance;

    private async ValueTask<TaskRun?> FindAsync(Guid home, RowAddress call, Guid? engines, CancellationToken cancellationToken)
    {
        Guid? id = (await store.GetAsync(call, cancellationToken))?.Properties.Get<Guid>(CallProperty) ?? engines;
        return id is { } known && await reader.TaskRunRowAsync(home, known, cancellationToken) is { } row ? RowDocs.Read<TaskRun>(row) : null;
    }

    /// <summary>True for the id of a task run that is there, or was: no id comes back, nor do the rows that are derived from it.</summary>
    private async ValueTask<bool> IsTakenAsync(Guid home, Guid taskRunId, CancellationToken cancellationToken) =>
        await reader.HomeOfTaskRunAsync(taskRunId, cancellationToken) is not null
        || await reader.TaskRunRowAsync(home, taskRunId, cancellationToken) is not null;

    /// <summary>The id that a call has when the flow itself makes it; null for one that it cannot make.</summary>
    private static Guid? EnginesId(Guid flowRunId, string taskKey, string dynamicKey) =>
        int.TryParse(dynamicKey, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < StableIds.DynamicKeyLimit
            ? StableIds.TaskRun(flowRunId, taskKey, number)
            : null;

    private static bool IsTheEngines(StoredTaskRun stored) =>
        stored is { FlowRun: { Registered: true } flowRun, TaskRun: { } run } && run.Id == EnginesId(flowRun.Run.Id, run.TaskKey, run.DynamicKey);

    private static bool IsAnEnd(TaskRun run, ProposedState proposed) => proposed.Type.IsFinal() && run.StateType?.IsFinal() is not true;

    private static OrchestrationResult Driven(TaskRun run) => new()
    {
        State = run.State,
        Status = SetStateStatus.Abort,
        Details = new StateAbortDetails("The task run is executed here: its flow run sets its states. It can be ended, or forced."),
    };

    private TaskRun NewTaskRun(TaskRunCreate request, Guid id, FlowRun? flowRun)
    {
        DateTimeOffset now = WireClock.Now(time);
        return new TaskRun
        {
            Id = id,
            Created = now,
            Updated = now,
            Name = string.IsNullOrEmpty(request.Name) ? RunNames.For(id) : request.Name,
            FlowRunId = request.FlowRunId,
            TaskKey = request.TaskKey,
            DynamicKey = request.DynamicKey,
            CacheKey = request.CacheKey,
            CacheExpiration = request.CacheExpiration,
            TaskVersion = request.TaskVersion,
            EmpiricalPolicy = request.EmpiricalPolicy,
            Tags = request.Tags,
            Labels = RunLabels.For(flowRun, request.Labels),
            TaskInputs = request.TaskInputs!,
        };
    }
}
