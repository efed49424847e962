using System.Globalization;
using System.Linq.Expressions;
using System.Runtime.InteropServices;
using Serverless.Flows.Hosting;

namespace Serverless.Flows.Calls;

/// <summary>Turns the calls of one running flow into invocations of its engine, and knows which are still open.</summary>
internal sealed class CallStarter(IFlowEngine engine, FlowRegistry registry, TagScope tags, TransactionScope transactions)
{
    private static readonly Dictionary<string, IReadOnlyList<Guid>> NoUpstream = new(StringComparer.Ordinal);

    private readonly Dictionary<string, int> _calls = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private int _open;
    private TaskCompletionSource? _idle;

    internal Task<CallOutcome> Start(LambdaExpression call, CallOptions? options, out RunnableDefinition definition)
    {
        var site = CallSite.Parse(call, registry, isMap: false);
        definition = site.Definition;
        var settings = SettingsOf(definition, options);
        var arguments = new CallArguments(site);
        var key = TakeKeys(definition.Key, 1);
        return arguments.HasFutures || settings.Waits
            ? TrackAsync(StartLaterAsync(settings, arguments, key))
            : TrackAsync(Invoke(settings, arguments.ToJson(), key, NoUpstream, settings.RunName));
    }

    internal CallOutcomes StartMap(
        LambdaExpression call,
        IReadOnlyList<object?> items,
        CallOptions? options,
        out RunnableDefinition definition
    )
    {
        var site = CallSite.Parse(call, registry, isMap: true);
        definition = site.Definition;
        if (items.Count > MapLimit.Items)
        {
            throw new InvalidOperationException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A map of {definition} has more than {MapLimit.Items:N0} items, the maximum for one map. Map parts of them in "
                        + $"subflows, or give each item more to do."
                )
            );
        }

        var settings = SettingsOf(definition, options);
        var arguments = new CallArguments(site);
        var firstKey = TakeKeys(definition.Key, items.Count);
        if (items.Count == 0)
        {
            return new CallOutcomes(0, Task.FromResult<IReadOnlyList<CallBatch>>([]));
        }

        var started =
            arguments.HasFutures || arguments.HasFutureItems || settings.Waits
                ? StartMapLaterAsync(settings, arguments, items, firstKey)
                : Task.FromResult(InvokeMap(settings, arguments.ToJson(items), firstKey, _ => NoUpstream));
        var outcomes = new CallOutcomes(items.Count, started);
        _ = TrackAsync(outcomes.AllAsync());
        return outcomes;
    }

    internal Task<CallOutcome> StartDeployment(string deployment, string parametersJson, DeploymentRunOptions options, bool waits)
    {
        if (options.Deadline is { } deadline && (deadline <= TimeSpan.Zero || !waits))
        {
            throw new ArgumentException(
                waits
                    ? $"The deadline of deployment '{deployment}' is {deadline}; it must be positive."
                    : $"A run of deployment '{deployment}' that is not waited for has no deadline.",
                nameof(options)
            );
        }

        options.Check(deployment);
        var key = TakeKeys($"deployment:{deployment}", 1);
        var all = TagScope.Union(tags.Current, options.Tags);
        return TrackAsync(engine.RunDeploymentAsync(new DeploymentInvocation(deployment, key, parametersJson, options, waits, all)));
    }

    internal Task<Guid> StartDelayed(LambdaExpression call, DelayOptions options)
    {
        var delayed = DelayedCall.Parse(call, registry, mayWait: true);
        var number = TakeKeys("background", 1);
        var key = string.Create(CultureInfo.InvariantCulture, $"flow:{engine.Run.FlowRunId:N}-{engine.Run.RunCount}-{number}");
        var all = TagScope.Union(tags.Current, options.Tags);
        var started = StartAsync();
        _ = TrackAsync(started);
        return started;

        async Task<Guid> StartAsync()
        {
            var upstream = delayed.Arguments.HasFutures ? await delayed.Arguments.WhenReadyAsync() : null;
            var arguments = delayed.Arguments.ToJson();
            return await engine.DelayTaskAsync(
                new BackgroundInvocation(delayed.Task, arguments.Json, DelayedCall.KeyOf(options) ?? key, options, all)
                {
                    Stored = arguments.Stored,
                    Upstream = upstream,
                    FlowRunId = engine.Run.FlowRunId,
                }
            );
        }
    }

    internal TransactionCall Transaction(TransactionOptions options) =>
        new(options.TaskKey, TakeKeys(options.TaskKey, 1), options.Overwrite, options.Isolation == CacheIsolation.Serializable);

    /// <summary>Counts other work of the flow as an open call.</summary>
    internal void Hold(Task work) => _ = TrackAsync(work);

    /// <summary>Waits until no call is open.</summary>
    internal async Task WhenIdleAsync()
    {
        while (true)
        {
            TaskCompletionSource idle;
            lock (_lock)
            {
                if (_open == 0)
                {
                    return;
                }

                idle = _idle ??= new TaskCompletionSource();
            }

            await idle.Task;
        }
    }

    private CallSettings SettingsOf(RunnableDefinition definition, CallOptions? options)
    {
        if (options is not null && (options.WaitFor is null || options.WaitFor.Contains(null!)))
        {
            throw new FlowRegistrationException($"Options of the call of {definition.Target}: WaitFor, or a future in it, is null.");
        }

        var all = TagScope.Union(tags.Current, options?.Tags ?? []);
        if (definition is not TaskDefinition task)
        {
            return options is { ChangesTask: true }
                ? throw new FlowRegistrationException(
                    $"Options of the call of {definition.Target}: only RunName, WaitFor, AllowFailure and Tags apply to flows."
                )
                : new CallSettings(definition, options, Retry: null, Timeout: null, all);
        }

        return options?.Timeout is { } timeout && (timeout <= TimeSpan.Zero || timeout.TotalSeconds > Durations.LongestTimeout)
            ? throw new FlowRegistrationException(
                $"Options of the call of {definition.Target}: Timeout is {timeout}; it must be positive and at most "
                    + $"{Durations.LongestTimeout} seconds."
            )
            : new CallSettings(task, options, options?.ApplyTo(task), options?.Timeout, all) { Caching = options?.CachingOf(task) };
    }

    private int TakeKeys(string called, int count)
    {
        lock (_lock)
        {
            ref var next = ref CollectionsMarshal.GetValueRefOrAddDefault(_calls, called, out _);
            var first = next;
            next += count;
            return first;
        }
    }

    private async Task<CallOutcome> StartLaterAsync(CallSettings settings, CallArguments arguments, int key)
    {
        var upstream = await settings.WhenReadyAsync(await arguments.WhenReadyAsync());
        return await Invoke(settings, arguments.ToJson(), key, upstream, settings.RunName);
    }

    private async Task<IReadOnlyList<CallBatch>> StartMapLaterAsync(
        CallSettings settings,
        CallArguments arguments,
        IReadOnlyList<object?> items,
        int firstKey
    )
    {
        var upstream = await settings.WhenReadyAsync(await arguments.WhenReadyAsync());
        if (!arguments.HasFutureItems)
        {
            return InvokeMap(settings, arguments.ToJson(items), firstKey, _ => upstream);
        }

        var runs = new List<Guid?>(items.Count);
        foreach (var item in items.Cast<TaskFuture>())
        {
            var ended = arguments.TakesStateOfItem ? await item.EndedAsync() : await item.CompletedAsync();
            runs.Add(ended?.InputId);
        }

        if (arguments is { LoadsItems: true, TakesStateOfItem: false })
        {
            await Task.WhenAll(items.Cast<TaskFuture>().Select(item => item.LoadAsync()));
        }

        return InvokeMap(
            settings,
            arguments.ToJson(items),
            firstKey,
            i => runs[i] is { } run ? arguments.WithItem(upstream, run) : upstream
        );
    }

    private Task<CallOutcome> Invoke(
        CallSettings settings,
        CallJson arguments,
        int key,
        IReadOnlyDictionary<string, IReadOnlyList<Guid>> upstream,
        string? runName
    ) =>
        settings.Definition is TaskDefinition task
            ? engine.CallTaskAsync(
                InvocationOf(task, settings, arguments, key, upstream, runName, settings.CacheKeyOf(engine.Run, arguments.Json)) with
                {
                    Observe = transactions.Current?.Observe(task),
                }
            )
            : engine.CallFlowAsync(
                new FlowInvocation((FlowDefinition)settings.Definition, key, arguments.Json, upstream, runName, settings.Tags)
            );

    private static TaskInvocation InvocationOf(
        TaskDefinition task,
        CallSettings settings,
        CallJson arguments,
        int key,
        IReadOnlyDictionary<string, IReadOnlyList<Guid>> upstream,
        string? runName,
        string? cacheKey
    ) =>
        new(task, key, arguments.Json, upstream, runName, settings.Retry, settings.Timeout, settings.Tags)
        {
            Caching = settings.Caching,
            CacheKey = cacheKey,
            Stored = arguments.Stored,
        };

    private IReadOnlyList<CallBatch> InvokeMap(
        CallSettings settings,
        IReadOnlyList<CallJson> arguments,
        int firstKey,
        Func<int, IReadOnlyDictionary<string, IReadOnlyList<Guid>>> upstream
    )
    {
        if (settings.Definition is not TaskDefinition task)
        {
            return
            [
                .. arguments.Select((item, i) => CallBatch.Of(Invoke(settings, item, firstKey + i, upstream(i), settings.RunNameOf(i)))),
            ];
        }

        var observe = transactions.Current?.Observe(task);

        // Before the first call starts: they are the author's code, which may throw.
        var cacheKeys = settings.Caching is { HasKey: true }
            ? arguments.Select(item => settings.CacheKeyOf(engine.Run, item.Json)).ToList()
            : null;
        return engine.MapTask(
            new MapInvocations(
                arguments.Count,
                i =>
                    InvocationOf(task, settings, arguments[i], firstKey + i, upstream(i), settings.RunNameOf(i), cacheKeys?[i]) with
                    {
                        Observe = observe,
                    }
            )
        );
    }

    private async Task<CallOutcome> TrackAsync(Task<CallOutcome> call)
    {
        await TrackAsync((Task)call);
        return await call;
    }

    private async Task TrackAsync(Task call)
    {
        transactions.Current?.Hold(call);
        lock (_lock)
        {
            _open++;
        }

        try
        {
            await call;
        }
        finally
        {
            TaskCompletionSource? idle = null;
            lock (_lock)
            {
                if (--_open == 0)
                {
                    (idle, _idle) = (_idle, null);
                }
            }

            idle?.SetResult();
        }
    }
}
