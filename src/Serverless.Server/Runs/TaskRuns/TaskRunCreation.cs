using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>Creates clients' task runs: once for each call of a task.</summary>
internal sealed class TaskRunCreation(
    IRowStore store,
    RunReader reader,
    TaskRunJudge judge,
    TaskRunCommits commits,
    CommitRetry retry,
    TimeProvider time,
    IIdGenerator ids
)
{
    private const string CallProperty = "run";

    /// <summary>Creates a client's task run, or gives the one that is there for the same call.</summary>
    /// <exception cref="RequestConflictException">There is no such flow run, or the id is that of another call.</exception>
    public Task<TaskRunCreated> CreateAsync(TaskRunCreate request, CancellationToken cancellationToken)
    {
        var home = TaskRunKeys.Home(request.FlowRunId, request.TaskKey, request.DynamicKey);
        var call = TaskRunKeys.Call(home, request.TaskKey, request.DynamicKey);
        var first = request.State ?? ProposedStates.Pending();
        return retry.RunAsync(token => TryCreateAsync(request, home, call, first, token), cancellationToken);
    }

    private async Task<TryResult<TaskRunCreated>> TryCreateAsync(
        TaskRunCreate request,
        Guid home,
        RowAddress call,
        ProposedState first,
        CancellationToken cancellationToken
    )
    {
        Row? flowRow = null;
        StoredFlowRun? flowRun = null;
        if (request.FlowRunId is { } flowRunId)
        {
            flowRow = await store.GetAsync(RunKeys.FlowRun(flowRunId), cancellationToken);
            flowRun = flowRow is null ? null : StoredFlowRun.From(flowRow);
            _ = flowRun ?? throw new RequestConflictException($"Error creating task run: there is no flow run {flowRunId}.");
        }

        var engines = flowRun is { Registered: true } ? TaskRunKeys.EnginesId(flowRun.Run.Id, request.TaskKey, request.DynamicKey) : null;
        if (await FindAsync(home, call, engines, cancellationToken) is { } existing)
        {
            return new TaskRunCreated(existing, Created: false);
        }

        if (request.Id is { } given && await IsTakenAsync(home, given, cancellationToken))
        {
            throw new RequestConflictException($"Error creating task run: there is another task run {given}, or was.");
        }

        var draft = NewTaskRun(request, request.Id ?? ids.NewId(), flowRun?.Run);
        var judgement = await judge.JudgeNewAsync(
            draft,
            new[] { first },
            flowRun?.Run,
            TaskRunProposals.PolicyOf(first, force: true),
            cancellationToken
        );
        List<RowOperation> with = [RowOperation.Insert(call, new RowProperties { { CallProperty, draft.Id } })];
        if (flowRow is not null && RunPermits.Of(flowRun!.Run) is null)
        {
            // Written as it is: a deletion meanwhile makes the commit fail. While the flow run is Running its permit does that.
            with.Add(RowOperation.Replace(RunKeys.FlowRun(flowRun.Run.Id), flowRow.Properties, flowRow.ETag));
        }

        return await commits.TryWriteAsync(flowRun?.Run, null, judgement, null, cancellationToken, with) is not null
            ? new TaskRunCreated(judgement.Run, Created: true)
            : default(TryResult<TaskRunCreated>);
    }

    private async ValueTask<TaskRun?> FindAsync(Guid home, RowAddress call, Guid? engines, CancellationToken cancellationToken)
    {
        var id = (await store.GetAsync(call, cancellationToken))?.Properties.Get<Guid>(CallProperty) ?? engines;
        return id is { } known && await reader.TaskRunRowAsync(home, known, cancellationToken) is { } row
            ? RowDocs.Read<TaskRun>(row)
            : null;
    }

    /// <summary>True for the id of a task run that is there, or was: no id comes back, nor do the rows that are derived from it.</summary>
    private async ValueTask<bool> IsTakenAsync(Guid home, Guid taskRunId, CancellationToken cancellationToken) =>
        await reader.HomeOfTaskRunAsync(taskRunId, cancellationToken) is not null
        || await reader.TaskRunRowAsync(home, taskRunId, cancellationToken) is not null;

    private TaskRun NewTaskRun(TaskRunCreate request, Guid id, FlowRun? flowRun)
    {
        var now = WireClock.Now(time);
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
