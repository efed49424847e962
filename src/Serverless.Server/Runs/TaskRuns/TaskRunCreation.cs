using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>Creates clients' task runs: once for each call of a task.</summary>
internal sealed class TaskRunCreation(
    IRowStore store,
    TaskRunCalls calls,
    TaskRunJudge judge,
    TaskRunCommits commits,
    CommitRetry retry,
    TimeProvider time,
    IIdGenerator ids
)
{
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
        if (await calls.FindAsync(home, call, engines, cancellationToken) is { } existing)
        {
            return new TaskRunCreated(existing.TaskRun, Created: false);
        }

        if (request.Id is { } given && await calls.IsTakenAsync(home, given, cancellationToken))
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
        TaskRunAdditions with = new() { With = TaskRunCalls.Claim(call, draft.Id, flowRow, flowRun) };
        return await commits.TryWriteAsync(flowRun?.Run, null, judgement, null, cancellationToken, with) is not null
            ? new TaskRunCreated(judgement.Run, Created: true)
            : default(TryResult<TaskRunCreated>);
    }

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
