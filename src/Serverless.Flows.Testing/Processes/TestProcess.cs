using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Serverless.Api;
using Serverless.Core.Ids;
using Serverless.Flows.Hosting;
using Serverless.Flows.Testing.Clock;
using Serverless.Functions.Hosting;
using Serverless.Host;
using Serverless.LocalRuntime;
using Serverless.LocalRuntime.Hosting;
using Serverless.LocalRuntime.Triggers;
using Serverless.Server;
using Serverless.Server.Logs;
using Serverless.Server.Outbox;
using Serverless.Storage;

namespace Serverless.Flows.Testing.Processes;

/// <summary>The app as one process would run it: server, functions and durable runtime, without HTTP.</summary>
internal sealed class TestProcess : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1);

    private readonly ServiceProvider _services;
    private readonly RuntimeCore _core;
    private readonly LocalQueues _queues;

    private TestProcess(ServiceProvider services, ProcessStore store, VirtualClock clock)
    {
        _services = services;
        Store = store;
        Clock = clock;
        _core = services.GetRequiredService<RuntimeCore>();
        _queues = services.GetRequiredService<LocalQueues>();
        Answers = new LostAnswers(this);
    }

    public VirtualClock Clock { get; }

    public ProcessStore Store { get; }

    public LostAnswers Answers { get; }

    public IServiceProvider Services => _services;

    public RuntimeCore Core => _core;

    /// <summary>When the next timer is due that something of a run waits for; null for none.</summary>
    public DateTimeOffset? NextDue => Earlier(_core.Wakes.Next, Clock.NextDue);

    /// <summary>How many attempts of tasks, and activities of the engine, do something now.</summary>
    public int Working => _core.RunningActivities - Clock.WaitingBodies;

    private bool SeemsIdle => _queues.Unhandled == 0 && Working <= 0 && !_core.HasBusyInstances;

    /// <summary>Starts a process.</summary>
    /// <param name="rows">The rows that processes share.</param>
    /// <param name="start">What its clock shows.</param>
    /// <param name="bodies">Stands between attempts and the code of tasks.</param>
    /// <param name="flows">Registers the flows.</param>
    /// <param name="services">Registers what flows and tasks need; null for nothing.</param>
    /// <returns>The process; one that died meanwhile is dead.</returns>
    public static async Task<TestProcess> StartAsync(
        IRowStore rows,
        DateTimeOffset start,
        Func<TestProcess, ITaskBodies> bodies,
        Action<FlowRegistryBuilder> flows,
        Action<IServiceCollection>? services
    )
    {
        ProcessStore store = new(rows);
        VirtualClock clock = new(start);
        TestProcess process = null!;
        ServiceCollection all = new();
        all.AddLogging(logging => logging.AddFilter<RunLoggerProvider>(category: null, LogLevel.Information));
        all.AddSingleton<IHostEnvironment>(new HostingEnvironment { ApplicationName = "Serverless.Flows.Testing" });
        all.AddSingleton(new DiagnosticListener("Serverless.Flows.Testing"));
        all.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(EmbeddedHost.SettingsWithoutTimers).Build());
        all.AddSingleton<IRowStore>(store);
        all.AddFlows(flows);
        all.AddServerlessServer();
        all.AddServerlessApi();
        all.AddServerlessFunctions();
        all.AddSingleton<IOutboxAnnouncer, QueueOutboxAnnouncer>();
        all.AddEmbeddedHost(turnMarks: null, activityMarks: null);
        all.Configure<LocalRuntimeOptions>(options =>
            options.BeforeAnswer = (activity, input) => process.Answers.OnAnswerAsync(activity, input)
        );
        all.AddSingleton<TimeProvider>(clock);
        all.AddSingleton(provider => new RunLogs(
            store,
            clock.Engine,
            provider.GetRequiredService<IIdGenerator>(),
            provider.GetRequiredService<LiveLogs>(),
            provider.GetRequiredService<ILogger<RunLogs>>()
        ));
        all.AddSingleton(_ => bodies(process));
        services?.Invoke(all);
        process = new TestProcess(all.BuildServiceProvider(), store, clock);
        await process.RunUnlessDeadAsync(process.StartAsync());
        return process;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Waits for something of the process; false when that has died meanwhile.</summary>
    public async Task<bool> RunUnlessDeadAsync(Task work)
    {
        if (await Task.WhenAny(work, Store.Died) != work && !work.IsCompleted)
        {
            return false;
        }

        await work;
        return true;
    }

    /// <summary>Waits until nothing is left to do before the clock moves.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task WhenIdleAsync(CancellationToken cancellationToken)
    {
        while (!Store.IsDead)
        {
            if (SeemsIdle && await IsIdleAsync(cancellationToken))
            {
                return;
            }

            await Task.Delay(Look, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Moves the clock, and wakes what is due.</summary>
    public void AdvanceTo(DateTimeOffset time)
    {
        Clock.AdvanceTo(time);
        _core.Wakes.Fire();
    }

    /// <summary>Ends the process without any notice.</summary>
    public async Task DieAsync()
    {
        await Store.DieAsync();
        await _core.StopAsync(TimeSpan.Zero);
    }

    public async ValueTask DisposeAsync()
    {
        if (Store.IsDead)
        {
            return;
        }

        foreach (var service in _services.GetServices<IHostedService>().Reverse())
        {
            await service.StopAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;

    private async Task StartAsync()
    {
        List<IHostedService> hosted = [.. _services.GetServices<IHostedService>()];
        foreach (var service in hosted.OfType<IHostedLifecycleService>())
        {
            await service.StartingAsync(CancellationToken.None);
        }

        foreach (var service in hosted)
        {
            await service.StartAsync(CancellationToken.None);
        }

        foreach (var service in hosted.OfType<IHostedLifecycleService>())
        {
            await service.StartedAsync(CancellationToken.None);
        }
    }

    /// <summary>Work may pass from hand to hand between two looks: only if nothing was handed over, nothing is under way.</summary>
    private async Task<bool> IsIdleAsync(CancellationToken cancellationToken)
    {
        (var handovers, var timers) = (_core.Handovers, Clock.Changes);
        var open = Get<OutboxStore>()
            .ReadAsync(cancellationToken: cancellationToken)
            .AnyAsync(IsDispatchedAtOnce, cancellationToken)
            .AsTask();
        return await RunUnlessDeadAsync(open) && !await open && SeemsIdle && handovers == _core.Handovers && timers == Clock.Changes;
    }

    private static bool IsDispatchedAtOnce(OutboxEntry entry) =>
        entry is not ({ Kind: OutboxKind.Purge or OutboxKind.Forget } or { Kind: OutboxKind.BackgroundTask, StateType: null });
}
