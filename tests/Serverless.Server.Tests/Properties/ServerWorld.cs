using System.Collections.Concurrent;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.LocalRuntime.Tests.Fixtures;
using Serverless.Server.Concurrency;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Runs;
using Serverless.Storage;
using Serverless.Testing;

namespace Serverless.Server.Tests.Properties;

/// <summary>
/// Some runs of one deployment with a concurrency limit, with task runs that share limited tags, and two processes that serve requests
/// about them. The first runs are those of a remote client, the others run in this app.
/// </summary>
internal sealed class ServerWorld
{
    public const int RunCount = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);
    private static readonly string[] Tags = ["one", "two"];

    private readonly MemoryRowStore _rows = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly RandomIdGenerator _ids;
    private readonly List<Guid> _runs = [];
    private readonly ConcurrentQueue<(string Key, Guid Run)> _created = new();
    private RegisteredFlow _flow = null!;
    private Guid _deployment;
    private Schedule _schedule = null!;
    private ServerProcess[] _processes = null!;
    private string? _broken;

    private ServerWorld()
    {
        _ids = new RandomIdGenerator(_clock, new Random(1));
        Check = new ServerCheck(_rows, _clock);
    }

    public ServerCheck Check { get; }

    public IReadOnlyList<Guid> Runs => _runs;

    /// <summary>The runs that were created with idempotency keys, as the answers said.</summary>
    public IReadOnlyCollection<(string Key, Guid Run)> Created => _created;

    /// <summary>Sets the world up.</summary>
    /// <param name="limit">The slots of the deployment and of the first tag; the second has one more.</param>
    /// <param name="strategy">What becomes of runs beyond the limit.</param>
    public static async Task<ServerWorld> CreateAsync(int limit, ConcurrencyLimitStrategy strategy)
    {
        ServerWorld world = new();
        ServerProcess setup = new(world._rows, world._clock, world._ids);
        Deployment[] deployments =
        [
            await DeployAsync(setup, world._rows, "remote", strategy),
            await DeployAsync(setup, world._rows, "registered", strategy),
        ];
        world._flow = new RegisteredFlow(deployments[1].FlowId, "registered", new FlowRunPolicy { Retries = 1, RetryDelay = 5 });
        world._deployment = deployments[1].Id;
        world.Restart();
        foreach (var deployment in deployments)
        {
            await setup.Limits.SetDeploymentLimitAsync(deployment.Id, limit, CancellationToken.None);
        }

        await setup.Limits.EnsureAsync(ConcurrencyKeys.NameOfTag(Tags[0]), limit, CancellationToken.None);
        await setup.Limits.EnsureAsync(ConcurrencyKeys.NameOfTag(Tags[1]), limit + 1, CancellationToken.None);
        setup.Get<RegisteredFlows>().Add(world._flow);
        for (var i = 0; i < RunCount; i++)
        {
            world._runs.Add(
                (await setup.Runs.CreateFromDeploymentAsync(deployments[i * 2 / RunCount].Id, new DeploymentFlowRunCreate()))!.Run.Id
            );
        }

        return world;
    }

    /// <summary>Plays a history to its end; fails as soon as something is not as it has to be.</summary>
    public async Task PlayAsync(IEnumerable<ServerWave> waves)
    {
        foreach (var wave in waves)
        {
            _clock.Advance(TimeSpan.FromSeconds(wave.Seconds));
            var survived = await _schedule.RunAsync(
                [
                    .. wave.Commands.Select(
                        (command, index) => (Func<Task>)(() => ExecuteAsync(_processes[index % _processes.Length], command))
                    ),
                ],
                new Random(wave.Seed),
                wave.Turns
            );
            _broken.ShouldBeNull(wave.ToString());
            Check.OfHistories(_runs).ShouldBeNull(wave.ToString());
            if (!survived)
            {
                Restart();
            }
        }
    }

    /// <summary>Lets the sweep do its work, in a process that nothing disturbs.</summary>
    public async Task SettleAsync()
    {
        ServerProcess calm = new(_rows, _clock, _ids);
        for (var i = 0; i < 2; i++)
        {
            _clock.Advance(SlotSweep.MinimumAge);
            await calm.Sweep.RunAsync();
        }
    }

    /// <summary>Ends all runs, by force, and deletes what deleted ones left.</summary>
    public async Task EndAllAsync()
    {
        ServerProcess calm = new(_rows, _clock, _ids);
        foreach (var run in _runs)
        {
            foreach (var task in await calm.Get<OpenTaskRuns>().ReadAsync(run).ToListAsync())
            {
                await calm.Gate.ProposeTaskRunStateAsync(run, task.Id, ProposedStates.Cancelled(), force: true);
            }

            await calm.Gate.ProposeFlowRunStateAsync(run, ProposedStates.Cancelled(), TransitionOrigin.Client, force: true);
            await calm.Runs.PurgeAsync(run);
        }
    }

    private static async Task<Deployment> DeployAsync(
        ServerProcess setup,
        MemoryRowStore rows,
        string flow,
        ConcurrencyLimitStrategy strategy
    )
    {
        var deployment = await setup
            .Get<DeploymentService>()
            .EnsureDeploymentAsync(new DeploymentSpec { FlowName = flow, ParameterSchemaJson = "{}" });
        await rows.CommitAsync(
            new RowCommit().Add(
                RowOperation.Upsert(
                    DeploymentKeys.ByName(flow, deployment.Name),
                    RowDocs.Of(deployment with { ConcurrencyOptions = new ConcurrencyOptions { CollisionStrategy = strategy } })
                )
            )
        );
        return deployment;
    }

    private void Restart()
    {
        Schedule schedule = new(_clock);
        _schedule = schedule;
        _processes =
        [
            .. Enumerable
                .Range(0, 2)
                .Select(_ => new ServerProcess(
                    new SteppedRowStore(_rows, schedule, () => _broken ??= Check.OfCommit()),
                    _clock,
                    _ids,
                    _flow
                )),
        ];
    }

    private async Task ExecuteAsync(ServerProcess process, ServerCommand command)
    {
        var run = _runs[command.Run];
        await (
            command.Kind switch
            {
                CommandKind.Submit => ProposeAsync(ProposedStates.Pending()),
                CommandKind.Start => ProposeAsync(ProposedStates.Running()),
                CommandKind.Begin => BeginAsync(process, run),
                CommandKind.BeginTask => process.Gate.BeginTaskRunAsync(TaskOf(command)),
                CommandKind.EndTask => process.Gate.ProposeTaskRunStateAsync(run, TaskOf(command).TaskRunId, ProposedStates.Completed()),
                CommandKind.FailTask => process.Gate.ProposeTaskRunStateAsync(run, TaskOf(command).TaskRunId, ProposedStates.Failed()),
                CommandKind.Complete => ProposeAsync(ProposedStates.Completed()),
                CommandKind.Fail => process.Gate.ProposeFlowRunStateAsync(run, ProposedStates.Failed(), TransitionOrigin.Orchestrator),
                CommandKind.Pause => process.Control.PauseAsync(run, Pause),
                CommandKind.Suspend => process.Control.SuspendAsync(run, Pause),
                CommandKind.Resume => process.Control.ResumeAsync(run),
                CommandKind.Cancel => process.Control.CancelAsync(run),
                CommandKind.Cancelled => ProposeAsync(ProposedStates.Cancelled()),
                CommandKind.Reschedule => ProposeAsync(ProposedStates.Scheduled()),
                CommandKind.ForceRunning => ProposeAsync(ProposedStates.Running(), force: true),
                CommandKind.ForcePending => ProposeAsync(ProposedStates.Pending(), force: true),
                CommandKind.Delete => process.Runs.DeleteAsync(run),
                CommandKind.Purge => process.Runs.PurgeAsync(run),
                CommandKind.Create => CreateAsync(process, KeyOf(command)),
                CommandKind.DeleteCreated => DeleteCreatedAsync(process, KeyOf(command)),
                _ => process.Sweep.RunAsync(),
            }
        );

        Task ProposeAsync(ProposedState state, bool force = false) =>
            process.Gate.ProposeFlowRunStateAsync(run, state, TransitionOrigin.Client, force, client: command.Client);
    }

    /// <summary>Asks again for what was created with a key, in a process that nothing disturbs.</summary>
    public async Task<Guid> CreateAgainAsync(string key) => await CreateAsync(new ServerProcess(_rows, _clock, _ids, _flow), key);

    private static string KeyOf(ServerCommand command) => $"key {command.Run % 2}";

    private async Task<Guid> CreateAsync(ServerProcess process, string key)
    {
        var run = (await process.Runs.CreateFromDeploymentAsync(_deployment, new DeploymentFlowRunCreate { IdempotencyKey = key }))!.Run.Id;
        _created.Enqueue((key, run));
        return run;
    }

    private async Task DeleteCreatedAsync(ServerProcess process, string key)
    {
        foreach (var run in _created.Where(created => created.Key == key).Select(created => created.Run).Distinct())
        {
            await process.Runs.DeleteAsync(run);
            await process.Runs.PurgeAsync(run);
        }
    }

    /// <summary>As the run's orchestration does.</summary>
    private static async Task BeginAsync(ServerProcess process, Guid run)
    {
        if (await process.Runs.ReadAsync(run) is { } known)
        {
            await process.Gate.ProposeFlowRunStatesAsync(
                known,
                [ProposedStates.Pending(), ProposedStates.Running()],
                known.Stored.Generation
            );
        }
    }

    private TaskRunStart TaskOf(ServerCommand command) =>
        TestServer.StartOf(_runs[command.Run], command.Task) with
        {
            Tags = Tags[..(command.Task + 1)],
            EmpiricalPolicy = new TaskRunPolicy { Retries = 1 },
        };
}
