using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Serverless.Api;
using Serverless.Core.Ids;
using Serverless.Flows;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.Hosting;
using Serverless.Functions.TaskRuns;
using Serverless.LocalRuntime.Hosting;
using Serverless.Server;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;
using Serverless.Testing;

namespace Serverless.Functions.Tests.Fixtures;

/// <summary>
/// The whole app in this process, with a clock that the test moves: flows, server, functions and durable runtime.
/// It can crash and start again on its rows.
/// </summary>
internal sealed partial class EmbeddedApp : IAsyncDisposable
{
    /// <summary>A schedule that the tests' clocks do not come to.</summary>
    public const string Never = "0 0 0 31 12 *";

    private readonly TestRows _rows;
    private readonly List<ServiceProvider> _dead = [];
    private ServiceProvider _services = null!;
    private int _starts;

    private EmbeddedApp(TestRows rows)
    {
        _rows = rows;
        Away = new AwayRowStore(rows.Store);
    }

    public Probe Probe { get; } = new();

    /// <summary>The clock of the running process: one that crashed has a clock of its own, which stands still.</summary>
    public ManualTimeProvider Clock { get; private set; } = new();

    public MortalRowStore Store { get; private set; } = null!;

    /// <summary>Where <see cref="StoringWork"/> keeps its values. Outlives crashes.</summary>
    public DirectoryInfo ResultFolder { get; } = Directory.CreateTempSubdirectory("serverless-results");

    /// <summary>Takes the store away from the running process for a while.</summary>
    public AwayRowStore Away { get; }

    public FlowRunService Runs => Get<FlowRunService>();

    public FlowRunControl Control => Get<FlowRunControl>();

    public RunGate Gate => Get<RunGate>();

    public DurableTaskClient Client => Get<DurableTaskClient>();

    public QueueAnnouncer Announcer => (QueueAnnouncer)Get<IOutboxAnnouncer>();

    public IServiceProvider Services => _services;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Starts the app on an empty store.</summary>
    /// <param name="sweep">True to have the sweeps at their times.</param>
    /// <param name="services">True to have the other services at their times, too. They mark runs Late: a test that moves the clock while
    /// the app works makes any run late.</param>
    /// <param name="watch">True to have running tasks watched. The timer of that would be in the way of tests that wait for another
    /// one.</param>
    /// <param name="turnTimeout">How long an orchestrator may compute; no limit unless set, since the test moves the clock.</param>
    /// <param name="settings">Settings of the app; null for none.</param>
    /// <param name="flows">A class whose flows the app has beside those of <see cref="Scripts"/>; null for none. Each flow is stored at
    /// each start, which is most of what a short test does.</param>
    public static async Task<EmbeddedApp> StartAsync(
        bool sweep = false,
        bool services = false,
        bool watch = false,
        TimeSpan? turnTimeout = null,
        IReadOnlyDictionary<string, string?>? settings = null,
        Type? flows = null
    )
    {
        EmbeddedApp app = new(await TestRows.OpenAsync())
        {
            Sweeps = sweep,
            Serves = services,
            Watches = watch,
            TurnTimeout = turnTimeout ?? Timeout.InfiniteTimeSpan,
            Settings = settings ?? new Dictionary<string, string?>(),
            MoreFlows = flows,
        };
        await app.StartProcessAsync();
        return app;
    }

    /// <summary>The file of the next process in which it finds the activities that ran when the former one died; null for none.</summary>
    public string? ActivityMarks { get; set; }

    private bool Sweeps { get; init; }

    private bool Serves { get; init; }

    private bool Watches { get; init; }

    private Type? MoreFlows { get; init; }

    private TimeSpan TurnTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    private IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>Ends the process without any notice.</summary>
    public Task CrashAsync() => Store.CrashAsync();

    /// <summary>Starts the app again after a crash, or crashes it before.</summary>
    /// <param name="later">For how long the app was down.</param>
    public async Task RestartAsync(TimeSpan later = default)
    {
        await CrashAsync();
        _dead.Add(_services);
        Clock = new ManualTimeProvider(Clock.GetUtcNow() + later);
        await StartProcessAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!Store.IsDead)
        {
            foreach (var service in _services.GetServices<IHostedService>().Reverse())
            {
                await service.StopAsync(CancellationToken.None).WaitAsync(Patience);
            }

            await _services.DisposeAsync();
        }
        else
        {
            _dead.Add(_services);
        }

        // The meter of a durable runtime is known to the whole process: without this, every app that crashed would stay in memory. What
        // waits for an answer of the dead store never ends, so nobody waits for it.
        foreach (var dead in _dead)
        {
            _ = Task.Run(async () => await dead.DisposeAsync());
        }

        await _rows.DisposeAsync();
        ResultFolder.Delete(recursive: true);
    }

    private async Task StartProcessAsync()
    {
        Store = new MortalRowStore(Away);
        _services = Compose(++_starts);
        List<IHostedService> hosted = [.. _services.GetServices<IHostedService>()];
        List<IHostedLifecycleService> living = [.. hosted.OfType<IHostedLifecycleService>()];
        foreach (
            var start in living
                .Select(service => (Func<Task>)(() => service.StartingAsync(CancellationToken.None)))
                .Concat(hosted.Select(service => (Func<Task>)(() => service.StartAsync(CancellationToken.None))))
                .Concat(living.Select(service => (Func<Task>)(() => service.StartedAsync(CancellationToken.None))))
        )
        {
            // A process that dies as it starts does not come to the end of it.
            var started = start();
            while (!started.IsCompleted && !Store.IsDead)
            {
                await Task.WhenAny(started, Store.NextCommit).WaitAsync(Patience);
            }

            if (Store.IsDead)
            {
                return;
            }

            await started;
        }
    }

    private ServiceProvider Compose(int seed)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton<IHostEnvironment>(new HostingEnvironment { ApplicationName = "Serverless.Functions.Tests" });
        services.AddSingleton(new DiagnosticListener("tests"));
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton<IIdGenerator>(new RandomIdGenerator(Clock, new Random(seed)));
        services.AddSingleton<IRowStore>(Store);
        services.AddSingleton(Probe);
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    new Dictionary<string, string?>
                    {
                        ["OutboxSweepSchedule"] = Sweeps ? "*/15 * * * * *" : Never,
                        ["FlowRunSweepSchedule"] = Sweeps ? "30 * * * * *" : Never,
                        ["StorageSweepSchedule"] = Sweeps ? "45 * * * * *" : Never,
                        ["SchedulerSchedule"] = Serves ? "*/10 * * * * *" : Never,
                        ["SlotSweepSchedule"] = Sweeps ? "15 * * * * *" : Never,
                        ["DueRunSchedule"] = Serves ? "*/5 * * * * *" : Never,
                        ["RetentionSchedule"] = Serves ? "50 * * * * *" : Never,
                    }
                )
                .AddInMemoryCollection(Settings)
                .Build()
        );
        services.AddFlows(flows =>
        {
            flows.AddFlows(typeof(Scripts));
            if (MoreFlows is { } more)
            {
                flows.AddFlows(more);
            }
        });
        services.AddResultStorage(StoringWork.Storage, new FileResultStorage(ResultFolder.FullName));
        services.AddServerlessServer();
        services.AddServerlessApi();

        // Who was not the fastest waits in real time: no test could move the clock at the right moments.
        services.AddSingleton<CommitRetry>(provider => new(TimeProvider.System, provider.GetRequiredService<IIdGenerator>()));
        services.AddServerlessFunctions();
        if (!Watches)
        {
            services.Remove(services.Single(service => service.ImplementationType == typeof(RunningTaskRunsWatch)));
        }

        services.AddSingleton<IOutboxAnnouncer, QueueAnnouncer>();
        services.AddLocalRuntime(options =>
        {
            options.Assemblies.Add(typeof(FlowRunOrchestrator).Assembly);
            options.DeferringAssemblies.Add(typeof(FlowRunOrchestrator).Assembly);
            options.IdleTimeout = TimeSpan.FromDays(100);
            options.TurnTimeout = TurnTimeout;
            options.ActivityMarks = ActivityMarks;
            options.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            options.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            options.SerializerOptions.TypeInfoResolverChain.Add(FunctionsJson.Default);
        });
        services.AddHostedService<OutboxAnnouncement>();
        return services.BuildServiceProvider();
    }
}
