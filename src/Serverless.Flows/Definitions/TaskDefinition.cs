using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Flows.Assets;
using Serverless.Flows.Binding;
using Serverless.Flows.Caching;
using Serverless.Flows.Hosting;
using Serverless.Flows.Results;

namespace Serverless.Flows;

/// <summary>A registered task.</summary>
public sealed class TaskDefinition : RunnableDefinition
{
    private readonly Lazy<string> _sourceHash;
    private readonly TaskCaching? _caching;

    internal TaskDefinition(MethodInfo method, TaskAttribute settings)
        : base(
            "task",
            method,
            settings.Name,
            settings.Description,
            settings.Version,
            settings.Tags,
            settings.TimeoutSeconds,
            RunRetryPolicy.Of(
                settings.Retries,
                settings.RetryDelaySeconds,
                settings.RetryBackoffSeconds,
                settings.RetryJitterFactor,
                out var delays
            ),
            settings.RetryOn,
            settings.NoRetryOn,
            settings.RetryCondition,
            HookNames.Of(settings),
            settings.RunName,
            [
                .. delays,
                .. CacheDeclaration.Read(method, settings, out var cache),
                .. ResultDeclaration.Read(method, settings, out var results),
            ]
        )
    {
        Refuse(AssetDeclaration.Read(method, Callable.Parameters, settings.AssetDependencies, out var assets));
        Assets = assets;
        AssetDependencies = [.. settings.AssetDependencies];
        Results = results;
        Persists = settings.Persists ?? (results is not null || cache is not null ? true : null);
        Cache = cache;
        _caching = cache is null ? null : new TaskCaching(this, cache, call: null);
        _sourceHash = new Lazy<string>(() => $"{Key} {MethodSource.HashOf(method)}");
    }

    /// <summary>The assets that its runs make.</summary>
    internal IReadOnlyList<AssetDeclaration> Assets { get; }

    /// <summary>The keys of the assets that it makes, as far as they are the same in each run.</summary>
    public IReadOnlyList<string> FixedAssets => [.. Assets.Select(asset => asset.FixedKey).OfType<string>()];

    /// <summary>The keys of the assets that it declares to depend on.</summary>
    public IReadOnlyList<string> AssetDependencies { get; }

    /// <summary>How the results are cached; null if they are not.</summary>
    internal CacheDeclaration? Cache { get; }

    /// <summary>The task's key and a hash of its code; computed when it is asked for first.</summary>
    internal string SourceHash => _sourceHash.Value;

    /// <summary>How the results of a call are cached.</summary>
    /// <param name="call">What the call does differently; null for nothing.</param>
    /// <returns>The settings; null if they are not cached.</returns>
    public TaskCaching? CachingOf(CallCaching? call) =>
        call is null ? _caching
        : new TaskCaching(this, Cache, call) is { IsNone: false } caching ? caching
        : null;

    /// <summary>Runs one attempt of the task. <see cref="TaskContext.Current"/> is <paramref name="context"/> meanwhile.</summary>
    /// <param name="services">Builds the task's class if the method is not static.</param>
    /// <param name="argumentsJson">The arguments: a JSON object.</param>
    /// <param name="context">The attempt.</param>
    /// <param name="values">What lies in result storages; null for nothing.</param>
    /// <returns>The state that the task asks for, and the result.</returns>
    /// <exception cref="ParameterValidationException">The arguments do not fit.</exception>
    /// <exception cref="TaskTimeoutException">The attempt took longer than <see cref="TaskContext.Timeout"/>.</exception>
    /// <exception cref="StoredResultException">An argument is not in its result storage any more.</exception>
    public async Task<Returned> InvokeAsync(IServiceProvider services, string argumentsJson, TaskContext context, TaskValues? values = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(context);
        return context.Timeout is { } timeout
            ? await RunLimitedAsync(services, argumentsJson, context, timeout, values)
            : await RunAsync(services, argumentsJson, context, values);
    }

    private async Task<Returned> RunAsync(IServiceProvider services, string argumentsJson, TaskContext context, TaskValues? values)
    {
        // Set in an async method, so the caller's flow of execution never sees it.
        using var entered = context.Enter();
        context.Assets.Begin(this, argumentsJson);
        var stored = values is null ? null : await values.ReadAsync(this, context.CancellationToken);
        var keep = values?.Keeper(this, context);
        var arguments = Callable.Binder.Bind(argumentsJson, InjectedValues.For(context), stored);
        return services.GetService<ITaskBodies>() is { } bodies
            ? await bodies.RunAsync(this, arguments, context, () => Callable.InvokeAsync(services, arguments, keep))
            : await Callable.InvokeAsync(services, arguments, keep);
    }

    private async Task<Returned> RunLimitedAsync(
        IServiceProvider services,
        string argumentsJson,
        TaskContext context,
        TimeSpan timeout,
        TaskValues? values
    )
    {
        var time = services.GetService<ITaskBodies>()?.BeginLimited() ?? services.GetService<TimeProvider>() ?? TimeProvider.System;
        var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);

        // On a thread of its own, so that code which never yields can be given up too.
        var work = Task.Run(() => RunAsync(services, argumentsJson, context.With(stop.Token), values), CancellationToken.None);
        var cancelling = Task.CompletedTask;
        try
        {
            return await work.WaitAsync(timeout, time, CancellationToken.None);
        }
        catch (TimeoutException) when (!work.IsFaulted)
        {
            // Not awaited: what the author registered at the token may block or throw.
            cancelling = stop.CancelAsync();
            throw new TaskTimeoutException(Name, timeout);
        }
        finally
        {
            _ = DisposeAfterAsync(stop, cancelling);
        }
    }

    private static async Task DisposeAfterAsync(CancellationTokenSource source, Task cancelling)
    {
        await cancelling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        source.Dispose();
    }
}
