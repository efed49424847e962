using System.Linq.Expressions;
using Serverless.Flows.Calls;
using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>Turns calls of tasks into background task runs.</summary>
internal sealed class BackgroundTasks(FlowRegistry registry, IBackgroundTaskEngine engine) : IBackgroundTasks
{
    public async Task<BackgroundTaskRun<T>> DelayAsync<T>(
        Expression<Func<Task<T>>> call,
        DelayOptions? options = null,
        CancellationToken cancellationToken = default
    ) => new(await StartAsync(call, options, cancellationToken), engine);

    public async Task<BackgroundTaskRun<T>> DelayAsync<T>(
        Expression<Func<T>> call,
        DelayOptions? options = null,
        CancellationToken cancellationToken = default
    ) => new(await StartAsync(call, options, cancellationToken), engine);

    public async Task<BackgroundTaskRun> DelayAsync(
        Expression<Func<Task>> call,
        DelayOptions? options = null,
        CancellationToken cancellationToken = default
    ) => new(await StartAsync(call, options, cancellationToken), engine);

    public async Task<BackgroundTaskRun> DelayAsync(
        Expression<Action> call,
        DelayOptions? options = null,
        CancellationToken cancellationToken = default
    ) => new(await StartAsync(call, options, cancellationToken), engine);

    public async Task<BackgroundTaskRun<T>> DelayAsync<TClass, T>(
        Expression<Func<TClass, Task<T>>> call,
        DelayOptions? options = null,
        CancellationToken cancellationToken = default
    ) => new(await StartAsync(call, options, cancellationToken), engine);

    public async Task<BackgroundTaskRun<T>> DelayAsync<TClass, T>(
        Expression<Func<TClass, T>> call,
        DelayOptions? options = null,
        CancellationToken cancellationToken = default
    ) => new(await StartAsync(call, options, cancellationToken), engine);

    public async Task<BackgroundTaskRun> DelayAsync<TClass>(
        Expression<Func<TClass, Task>> call,
        DelayOptions? options = null,
        CancellationToken cancellationToken = default
    ) => new(await StartAsync(call, options, cancellationToken), engine);

    public async Task<BackgroundTaskRun> DelayAsync<TClass>(
        Expression<Action<TClass>> call,
        DelayOptions? options = null,
        CancellationToken cancellationToken = default
    ) => new(await StartAsync(call, options, cancellationToken), engine);

    public BackgroundTaskRun<T> Get<T>(Guid taskRunId) => new(taskRunId, engine);

    public BackgroundTaskRun Get(Guid taskRunId) => new(taskRunId, engine);

    private Task<Guid> StartAsync(LambdaExpression call, DelayOptions? options, CancellationToken cancellationToken)
    {
        options ??= new DelayOptions();
        options.Check(engine.Time.GetUtcNow());
        var delayed = DelayedCall.Parse(call, registry, mayWait: false);
        var arguments = delayed.Arguments.ToJson();

        // The same attempt of a task, made again after a crash, gets the runs that it has asked for already.
        var key = DelayedCall.KeyOf(options) ?? TaskContext.CurrentOrNull?.KeyOf(delayed.Task, arguments.Json);
        return engine.DelayAsync(
            new BackgroundInvocation(delayed.Task, arguments.Json, key, options, options.Tags)
            {
                Stored = arguments.Stored,
                FlowRunId = TaskContext.CurrentOrNull?.FlowRunId is { } flowRunId && flowRunId != Guid.Empty ? flowRunId : null,
            },
            cancellationToken
        );
    }
}
