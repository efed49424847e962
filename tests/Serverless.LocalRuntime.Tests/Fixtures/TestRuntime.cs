using System.Globalization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless.LocalRuntime.Hosting;
using Serverless.LocalRuntime.Triggers;
using Serverless.Storage;
using Serverless.Testing;

namespace Serverless.LocalRuntime.Tests.Fixtures;

/// <summary>One process with the runtime, on rows that outlive it.</summary>
internal sealed class TestRuntime : IAsyncDisposable
{
    /// <summary>A schedule beyond what the tests' clocks come to.</summary>
    public const string Never = "0 0 0 31 12 *";

    private readonly ServiceProvider _services;

    private TestRuntime(ServiceProvider services, ManualTimeProvider clock, Scripts scripts, FaultingRowStore store)
    {
        _services = services;
        Clock = clock;
        Scripts = scripts;
        Store = store;
        Client = services.GetRequiredService<DurableTaskClient>();
        Core = services.GetRequiredService<RuntimeCore>();
    }

    public ManualTimeProvider Clock { get; }

    public Scripts Scripts { get; }

    public FaultingRowStore Store { get; }

    public DurableTaskClient Client { get; }

    public RuntimeCore Core { get; }

    public IServiceProvider Services => _services;

    public LocalQueues Queues => _services.GetRequiredService<LocalQueues>();

    public static async Task<TestRuntime> StartAsync(
        IRowStore rows,
        Scripts? scripts = null,
        DateTimeOffset? now = null,
        FaultingRowStore? store = null,
        Action<LocalRuntimeOptions>? configure = null,
        Action<IServiceCollection>? services = null,
        string? sweepSchedule = null
    )
    {
        ManualTimeProvider clock = new(now);
        scripts ??= new Scripts();
        store ??= new FaultingRowStore(rows);
        ServiceCollection collection = new();
        collection.AddLogging();
        collection.AddSingleton<TimeProvider>(clock);
        collection.AddSingleton(scripts);
        collection.AddSingleton<IRowStore>(store);
        collection.AddSingleton<IConfiguration>(
            new ConfigurationBuilder()
                .AddInMemoryCollection(new Dictionary<string, string?> { ["SweepSchedule"] = sweepSchedule ?? Never })
                .Build()
        );
        services?.Invoke(collection);
        collection.AddLocalRuntime(options =>
        {
            options.Assemblies.Add(typeof(TestRuntime).Assembly);
            options.IdleTimeout = TimeSpan.FromDays(100);
            options.TurnTimeout = Timeout.InfiniteTimeSpan;
            configure?.Invoke(options);
        });
        TestRuntime runtime = new(collection.BuildServiceProvider(), clock, scripts, store);
        foreach (var service in runtime._services.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
        {
            await service.StartingAsync(CancellationToken.None);
            await service.StartAsync(CancellationToken.None);

            // Without the triggers, whose timers a test that moves the clock from timer to timer would find.
            if (sweepSchedule is not null)
            {
                await service.StartedAsync(CancellationToken.None);
            }
        }

        return runtime;
    }

    /// <summary>Schedules the script of a name.</summary>
    public Task<string> ScheduleAsync(string script, object? input = null, string? id = null, DateTimeOffset? startAt = null) =>
        Client.ScheduleNewOrchestrationInstanceAsync("Script", input, new StartOrchestrationOptions(id, startAt) { Version = script });

    public Task<OrchestrationMetadata> CompletionAsync(string id) =>
        Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true).WaitAsync(Waiting.Patience);

    /// <summary>Schedules a script, waits for its end and returns its output.</summary>
    public async Task<T?> RunAsync<T>(string script, object? input = null)
    {
        var ended = await CompletionAsync(await ScheduleAsync(script, input));
        ended.FailureDetails.ShouldBeNull();
        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        return ended.ReadOutputAs<T>();
    }

    /// <summary>
    /// Waits for an end, moving the clock from timer to timer; not after a crash, when the runtime would try again for ever.
    /// </summary>
    public async Task<OrchestrationMetadata> DriveAsync(string id)
    {
        var completion = Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
        while (!Store.Crashed.IsCompleted)
        {
            var due = Clock.WaitForTimerAsync(TimeSpan.FromHours(20));
            if (await Task.WhenAny(completion, due, Store.Crashed).WaitAsync(Waiting.Patience) == completion)
            {
                return await completion;
            }

            if (due.IsCompleted)
            {
                Clock.AdvanceTo(await due);
            }
        }

        throw new RowStoreUnavailableException("The store is gone.");
    }

    /// <summary>Waits for a durable timer within an hour and moves the clock to it.</summary>
    public async Task AdvanceToTimerAsync() =>
        Clock.AdvanceTo(await Clock.WaitForTimerAsync(TimeSpan.FromHours(1)).WaitAsync(Waiting.Patience));

    /// <summary>Waits until no more than some instances are in memory; a pump that has answered still has to come to its end.</summary>
    /// <param name="most">The most instances.</param>
    /// <param name="step">How far the clock is moved between two looks, so that idle instances are evicted.</param>
    public async Task LiveAsync(int most, TimeSpan step = default)
    {
        using CancellationTokenSource patience = new(Waiting.Patience);
        while (Core.LiveInstances > most)
        {
            patience.Token.ThrowIfCancellationRequested();
            Clock.Advance(step);
            await Task.Yield();
        }
    }

    /// <summary>Waits for an instance that something else than the test starts.</summary>
    public async Task<OrchestrationMetadata> FoundAsync(Func<OrchestrationMetadata, bool> wanted)
    {
        using CancellationTokenSource patience = new(Waiting.Patience);
        while (true)
        {
            await foreach (var instance in Client.GetAllInstancesAsync().WithCancellation(patience.Token))
            {
                if (wanted(instance))
                {
                    return instance;
                }
            }

            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>())
        {
            // The patience is counted by the clock, which stands still: a commit under way ends by itself.
            await service.StopAsync(CancellationToken.None).WaitAsync(Waiting.Patience);
        }

        await _services.DisposeAsync();
    }

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
