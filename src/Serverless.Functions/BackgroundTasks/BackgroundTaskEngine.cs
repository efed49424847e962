using Serverless.Core.Ids;
using Serverless.Flows;
using Serverless.Flows.Hosting;
using Serverless.Functions.TaskRuns;
using Serverless.Server;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Functions.BackgroundTasks;

/// <summary>Stores the background task runs of this process's code, and finds those of any.</summary>
/// <param name="runs">The background task runs.</param>
/// <param name="flows">The tasks of the app.</param>
/// <param name="storages">Where tasks store their values.</param>
/// <param name="ids">Gives keys to runs that need none.</param>
/// <param name="time">The clock of waits.</param>
public sealed class BackgroundTaskEngine(
    BackgroundTaskRuns runs,
    FlowRegistry flows,
    ResultStorages storages,
    IIdGenerator ids,
    TimeProvider time
) : IBackgroundTaskEngine
{
    /// <inheritdoc/>
    public TimeProvider Time => time;

    /// <inheritdoc/>
    public async Task<Guid> DelayAsync(BackgroundInvocation invocation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invocation);

        // Whoever asks may be one whose commits are deferred, such as a request handler.
        using var own = DeferredCommits.Suspend();
        try
        {
            var answer = await CreateAsync(DelayTaskInput.Of(invocation), cancellationToken);
            return answer.Refusal is { } refusal ? throw new InvalidOperationException(refusal) : answer.TaskRunId;
        }
        catch (OverloadedException overloaded)
        {
            throw new InvalidOperationException(overloaded.Message, overloaded);
        }
    }

    /// <inheritdoc/>
    public async Task<BackgroundTaskState?> GetAsync(Guid taskRunId, CancellationToken cancellationToken) =>
        StateOf(await runs.GetResultAsync(taskRunId, cancellationToken));

    /// <inheritdoc/>
    public async Task<BackgroundTaskState?> WaitAsync(Guid taskRunId, CancellationToken cancellationToken) =>
        StateOf(await runs.WaitAsync(taskRunId, cancellationToken));

    /// <inheritdoc/>
    public Task<string> ReadStoredAsync(StoredResult stored, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stored);
        return flows.TryGetTask(stored.TaskKey, out var task)
            ? storages.ReadJsonAsync(task, stored, cancellationToken)
            : throw new InvalidOperationException($"Task '{stored.TaskKey}' is not registered in this app.");
    }

    /// <summary>Creates a run, or says why not.</summary>
    /// <exception cref="OverloadedException">Too many runs wait to be started.</exception>
    internal async Task<DelayTaskResult> CreateAsync(DelayTaskInput input, CancellationToken cancellationToken)
    {
        if (!flows.TryGetTask(input.TaskKey, out var task))
        {
            return new DelayTaskResult(Guid.Empty, $"Task '{input.TaskKey}' is not registered in this app.");
        }

        var key = input.Key ?? ids.NewId().ToString("N");
        BackgroundTaskRequest request = new()
        {
            TaskKey = task.Key,
            DynamicKey = key,

            // As Prefect names them: after the task, with a part of the key.
            Name =
                input.RunName
                ?? task.NameOfRun(input.Input.Arguments)
                ?? $"{task.Name}-{StableIds.From(Guid.Empty, key).ToString("N")[..8]}",
            ScheduledTime = input.ScheduledTime,
            TaskVersion = task.Version,
            EmpiricalPolicy = TaskRunStarts.PolicyOf(task.Retry),
            Tags = [.. task.Tags.Union(input.Tags ?? [], StringComparer.Ordinal)],
            TaskInputs = input.Upstream is { } upstream ? TaskRunStarts.InputsOf(upstream) : null,
            Input = input.Input.ToText(),
            DelayedBy = input.FlowRunId,
        };
        try
        {
            return new DelayTaskResult((await runs.CreateAsync(request, cancellationToken)).Run.Id);
        }
        catch (RequestConflictException conflict)
        {
            return new DelayTaskResult(Guid.Empty, conflict.Message);
        }
        catch (OverloadedException overloaded)
        {
            throw new OverloadedException($"Task {task.Key} is not run in the background. {overloaded.Message}", overloaded.RetryAfter);
        }
    }

    /// <summary>A value in a result storage stays there: the state says where.</summary>
    private BackgroundTaskState? StateOf(BackgroundTaskResult? found) =>
        found is { Run: { State: { } state } run, Json: var json }
            ? new BackgroundTaskState(NameOf(run.TaskKey), state, StoredResult.Of(state.Data) is null ? json : null)
            : null;

    private string NameOf(string taskKey) => flows.TryGetTask(taskKey, out var task) ? task.Name : taskKey;
}
