using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Functions.Concurrency;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.Outbox;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Concurrency;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Heartbeats;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;
using Serverless.Server.Services;

namespace Serverless.Functions.Tests.Services;

/// <summary>
/// Each state that is not final has an owner and a durable deadline: the owner dies, and the run ends or moves on all the same, in a known
/// time, and says why. The table in <c>docs/services.md</c> has the same lines.
/// </summary>
public sealed class DeadOwnerTests
{
    private const string Terminated = "termination";

    /// <summary>How old a state has to be before the services look at its orchestration: a minute, and states never share a time.</summary>
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(61);

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(StateType.Scheduled)]
    [InlineData(StateType.Pending)]
    public async Task RunOfThisApp_OrchestrationGoneBeforeItBegan_BeginsAgain(StateType type)
    {
        await using var app = await EmbeddedApp.StartAsync();
        Guid id;
        if (type == StateType.Scheduled)
        {
            id = await app.RunAsync(_ => Task.FromResult(1), after: Hour);
            await GoneAsync(app, id);
            app.Clock.Advance(Hour);
            await PassAsync(app);
        }
        else
        {
            // What starts it is lost.
            app.Announcer.Loses = true;
            app.Probe.Bodies["body"] = _ => Task.FromResult(1);
            id = (
                await app.Runs.CreateFromDeploymentAsync(
                    await app.DeploymentAsync(Scripts.Plain),
                    new DeploymentFlowRunCreate { Parameters = Body("body"), State = ProposedStates.Pending() }
                )
            )!
                .Run
                .Id;
            app.Clock.Advance(Minute);
            await PassAsync(app);
        }

        (await app.WhenFinalAsync(id)).StateType.ShouldBe(StateType.Completed);
    }

    [Fact]
    public async Task RunOfThisApp_HostDownAtItsTime_IsLateAndBegins()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Announcer.Loses = true;
        var id = await app.RunAsync(_ => Task.FromResult(1));
        app.Clock.Advance(TimeSpan.FromSeconds(20));
        (await app.Get<RunDeadlines>().MarkLateAsync()).ShouldBe(1);

        await app.RestartAsync(Hour);
        await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Late Pending Running Completed");
        await app.ShouldSettleAsync(id);
    }

    [Theory]
    [InlineData(StateNames.Running, StateType.Crashed)]
    [InlineData(StateNames.Paused, StateType.Crashed)]
    [InlineData(StateNames.Suspended, StateType.Crashed)]
    [InlineData(StateNames.AwaitingRetry, StateType.Crashed)]
    [InlineData(StateNames.Cancelling, StateType.Cancelled)]
    public async Task RunOfThisApp_OrchestrationTerminated_EndsAndSaysSo(string state, StateType end)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(
            async flow =>
                state switch
                {
                    StateNames.Paused => await PauseAsync(() => flow.PauseAsync(Hour)),
                    StateNames.Suspended => await PauseAsync(() => flow.SuspendAsync(Hour)),
                    StateNames.AwaitingRetry => throw new InvalidOperationException("once"),
                    _ => await flow.RunAsync((Work work) => work.PersistAsync(1)),
                },
            flow: Scripts.Retried
        );
        if (state is StateNames.Running or StateNames.Cancelling)
        {
            await app.WhenExecutedAsync("persist 1");
        }

        if (state == StateNames.Cancelling)
        {
            await app.Control.CancelAsync(id);
        }

        await app.WhenAsync(id, state);
        if (state == StateNames.AwaitingRetry)
        {
            // The orchestration begins anew for the retry, and then waits; the lines of its log go out before.
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            await app.Clock.WaitForTimerAsync(Minute).WaitAsync(EmbeddedApp.Patience);
        }

        await app.Client.TerminateInstanceAsync(OutboxEntry.InstanceIdOf(id, 1));
        await app.Client.WaitForInstanceCompletionAsync(OutboxEntry.InstanceIdOf(id, 1)).WaitAsync(EmbeddedApp.Patience);
        app.Clock.Advance(Minute);
        await PassAsync(app);

        var ended = await app.WhenFinalAsync(id);
        ended.StateType.ShouldBe(end);
        ended.State!.Message.ShouldNotBeNull().ShouldContain(Terminated);
        app.Probe.Open("hold");
    }

    /// <summary>
    /// The orchestration is terminated while its run waits for a slot, or is about to go on after a pause: the run ends, and the run that
    /// waits behind it gets the slot.
    /// </summary>
    [Theory]
    [InlineData(StateNames.AwaitingConcurrencySlot)]
    [InlineData(StateNames.Resuming)]
    public async Task RunOfThisApp_OrchestrationOfAWaitingRunTerminated_EndsAndSaysSo(string state)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var (holder, waiting) = await WaitingAsync(app, state, TerminateAsync);
        var next = await app.RunAsync(_ => Task.FromResult(3));
        await app.WhenAsync(next, StateNames.AwaitingConcurrencySlot);

        app.Clock.Advance(Minute);
        await PassAsync(app);

        var ended = await app.GetAsync(waiting);
        ended.StateType.ShouldBe(StateType.Crashed);
        ended.State!.Message.ShouldNotBeNull().ShouldContain(Terminated);
        app.Probe.Open("hold");
        (await app.WhenFinalAsync(holder)).StateType.ShouldBe(StateType.Completed);
        (await app.WhenFinalAsync(next)).StateType.ShouldBe(StateType.Completed);
        await app.ShouldBeFreeAsync();
    }

    /// <summary>The slot of a limit is given to a run whose orchestration is dead: the sweep takes it back for the next one.</summary>
    [Fact]
    public async Task RunOfThisApp_SlotGivenToOneWhoseOrchestrationIsTerminated_GoesToTheNext()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var (holder, waiting) = await WaitingAsync(app, StateNames.AwaitingConcurrencySlot, TerminateAsync);
        var next = await app.RunAsync(_ => Task.FromResult(3));
        await app.WhenAsync(next, StateNames.AwaitingConcurrencySlot);
        app.Probe.Open("hold");
        await app.WhenFinalAsync(holder);

        app.Clock.Advance(Minute);
        await PassAsync(app);

        (await app.WhenFinalAsync(next)).StateType.ShouldBe(StateType.Completed);
        (await app.WhenFinalAsync(waiting)).StateType.ShouldBe(StateType.Crashed);
        await app.ShouldBeFreeAsync();
    }

    /// <summary>As above, with nothing left of the orchestration: another one takes over, in the run's place.</summary>
    [Theory]
    [InlineData(StateNames.AwaitingConcurrencySlot)]
    [InlineData(StateNames.Resuming)]
    public async Task RunOfThisApp_OrchestrationOfAWaitingRunGone_GoesOn(string state)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var (holder, waiting) = await WaitingAsync(app, state, GoneAsync);

        app.Clock.Advance(Minute);
        await PassAsync(app);
        await app.WhenAsync(waiting, StateNames.AwaitingConcurrencySlot);
        app.Probe.Open("hold");

        await app.WhenFinalAsync(holder);
        (await app.WhenFinalAsync(waiting)).StateType.ShouldBe(StateType.Completed);
        await app.ShouldSettleAsync(holder, waiting);
        await app.ShouldBeFreeAsync();
    }

    [Theory]
    [InlineData(StateNames.Scheduled, StateNames.Late, 15)]
    [InlineData(StateNames.Paused, StateNames.Failed, 3_600)]
    [InlineData(StateNames.Suspended, StateNames.Failed, 3_600)]
    [InlineData(StateNames.Pending, StateNames.Crashed, 86_400)]
    [InlineData(StateNames.Late, StateNames.Crashed, 86_400)]
    [InlineData(StateNames.AwaitingRetry, StateNames.Crashed, 86_400)]
    [InlineData(StateNames.AwaitingConcurrencySlot, StateNames.Crashed, 86_400)]
    [InlineData(StateNames.Resuming, StateNames.Crashed, 86_400)]
    [InlineData(StateNames.Cancelling, StateNames.Cancelled, 600)]
    public async Task OfARemoteClient_ClientGone_MovesOnAtItsDeadline(string state, string end, int seconds)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var flowId = (await app.Get<FlowService>().CreateAsync(new FlowCreate { Name = "remote" })).Flow.Id;
        var now = app.Clock.GetUtcNow();
        var id = (
            await app.Runs.CreateAsync(
                new FlowRunCreate
                {
                    FlowId = flowId,
                    State = state switch
                    {
                        StateNames.Scheduled => ProposedStates.Scheduled(now),
                        StateNames.Late => ProposedStates.Late(now),
                        StateNames.AwaitingRetry => ProposedStates.AwaitingRetry(now),
                        StateNames.AwaitingConcurrencySlot => ProposedStates.AwaitingConcurrencySlot(now),
                        StateNames.Resuming => ProposedStates.Resuming(now),
                        StateNames.Paused => ProposedStates.Paused(now + Hour),
                        StateNames.Suspended => ProposedStates.Suspended(now + Hour),
                        StateNames.Pending => ProposedStates.Pending(),
                        _ => ProposedStates.Running(),
                    },
                }
            )
        ).Run.Id;
        if (state == StateNames.Cancelling)
        {
            await app.Control.CancelAsync(id);
        }

        (await app.GetAsync(id)).StateName.ShouldBe(state);
        app.Clock.Advance(TimeSpan.FromSeconds(seconds));
        await PassAsync(app);
        (await app.GetAsync(id)).StateName.ShouldBe(state);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await PassAsync(app);

        var moved = await app.GetAsync(id);
        moved.StateName.ShouldBe(end);
        if (end != StateNames.Late)
        {
            moved.State!.Message.ShouldNotBeNullOrEmpty();
        }
    }

    [Fact]
    public async Task OfARemoteClient_GoneAfterItSentHeartbeats_IsCrashed()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var flowId = (await app.Get<FlowService>().CreateAsync(new FlowCreate { Name = "remote" })).Flow.Id;
        var id = (await app.Runs.CreateAsync(new FlowRunCreate { FlowId = flowId, State = ProposedStates.Running() })).Run.Id;
        await PassAsync(app);
        await app.Get<FlowRunHeartbeats>().BeatAsync(id, app.Clock.GetUtcNow());
        app.Clock.Advance(TimeSpan.FromSeconds(30));
        await app.Get<FlowRunHeartbeats>().BeatAsync(id, app.Clock.GetUtcNow());

        app.Clock.Advance(TimeSpan.FromSeconds(89));
        await PassAsync(app);
        (await app.GetAsync(id)).StateName.ShouldBe(StateNames.Running);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        await PassAsync(app);

        var ended = await app.GetAsync(id);
        (ended.StateName, ended.State!.Message).ShouldBe(
            (StateNames.Crashed, "The client that executes the run sent no heartbeat for 90 seconds.")
        );
    }

    /// <summary>A limit is always a deployment's: any worker of it may take the run when there is a slot, however late that is.</summary>
    [Fact]
    public async Task OfARemoteDeployment_WorkerGoneWhileTheRunAwaitsASlot_AnotherTakesIt()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var flowId = (await app.Get<FlowService>().CreateAsync(new FlowCreate { Name = "remote" })).Flow.Id;
        var deployment = (await app.Get<DeploymentControl>().CreateAsync(new DeploymentCreate { FlowId = flowId, Name = "of-workers" }))
            .Deployment
            .Id;
        await app.Get<ConcurrencyLimits>().SetDeploymentLimitAsync(deployment, 1);
        var holder = await TakeAsync(await CreateAsync());
        var waiting = await CreateAsync();
        await TakeAsync(waiting);
        (await app.GetAsync(waiting)).StateName.ShouldBe(StateNames.AwaitingConcurrencySlot);

        app.Clock.Advance(TimeSpan.FromDays(2));
        await PassAsync(app);
        (await app.GetAsync(holder)).StateName.ShouldBe(StateNames.Crashed, "it was Pending for a day");

        (await app.Get<DeploymentControl>().GetScheduledAsync(new ScheduledRunsQuery { DeploymentIds = [deployment] }))
            .Select(run => run.Id)
            .ShouldBe([waiting]);
        await TakeAsync(waiting);
        (await app.GetAsync(waiting)).StateName.ShouldBe(StateNames.Pending);

        async Task<Guid> CreateAsync() =>
            (await app.Runs.CreateFromDeploymentAsync(deployment, new DeploymentFlowRunCreate { State = ProposedStates.Scheduled() }))!
                .Run
                .Id;

        async Task<Guid> TakeAsync(Guid id)
        {
            await app.Gate.ProposeFlowRunStateAsync(id, ProposedStates.Pending(), TransitionOrigin.Client);
            return id;
        }
    }

    /// <summary>The documentation's table has each of them, with its owner and its deadline.</summary>
    [Fact]
    public void Documentation_HasEachStateThatIsNotFinal()
    {
        string[] states =
        [
            StateNames.Scheduled,
            StateNames.Late,
            StateNames.AwaitingRetry,
            StateNames.AwaitingConcurrencySlot,
            StateNames.Resuming,
            .. Enum.GetValues<StateType>().Where(type => !type.IsFinal()).Select(type => type.ToString()),
            StateNames.Suspended,
        ];
        var rows = File.ReadLines(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(SourceFile())!, "../../../docs/services.md")))
            .Where(line => line.StartsWith('|'))
            .Select(line => line.Split('|')[1])
            .ToList();

        foreach (var state in states)
        {
            rows.ShouldContain(row => row.Contains($"`{state}`, here", StringComparison.Ordinal), state);
            rows.ShouldContain(row => row.Contains($"`{state}`, remote", StringComparison.Ordinal), state);
        }
    }

    [Fact]
    public async Task Cancelled_RunOfARemoteClient_TakesWhatIsBelowItAlong()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var flowId = (await app.Get<FlowService>().CreateAsync(new FlowCreate { Name = "remote" })).Flow.Id;
        var parentId = (await app.Runs.CreateAsync(new FlowRunCreate { FlowId = flowId, State = ProposedStates.Running() })).Run.Id;
        var task = await app.Gate.CreateTaskRunAsync(
            new TaskRunCreate
            {
                FlowRunId = parentId,
                TaskKey = "sub",
                DynamicKey = "0",
                State = ProposedStates.Running(),
            }
        );
        var child = await ChildAsync(flowId);
        var done = await ChildAsync(flowId);
        await app.Gate.ProposeFlowRunStateAsync(done, ProposedStates.Completed(), TransitionOrigin.Client);
        app.Probe.Bodies["here"] = flow => flow.RunAsync((Work work) => work.HoldAsync(1));
        var here = (
            await app.Runs.CreateFromDeploymentAsync(
                await app.DeploymentAsync(Scripts.Plain),
                new DeploymentFlowRunCreate { Parameters = Body("here"), ParentTaskRunId = task.Run.Id }
            )
        )!
            .Run
            .Id;
        await app.WhenExecutedAsync("hold 1");

        await app.Gate.ProposeFlowRunStateAsync(parentId, ProposedStates.Cancelled(), TransitionOrigin.Client);

        var cancelled = await app.WhenAsync(child, StateNames.Cancelled);
        cancelled.State!.Message.ShouldBe("The parent flow run was cancelled.");
        (await app.WhenFinalAsync(here)).StateType.ShouldBe(StateType.Cancelled);
        await app.WhenAsync(async () => (await app.TaskRunAsync(parentId)).StateType == StateType.Cancelled, "the end of the task run");
        (await app.GetAsync(done)).StateType.ShouldBe(StateType.Completed);
        await app.WhenAsync(async () => !await app.Get<OutboxStore>().ReadAsync().AnyAsync(), "the outbox to be empty");

        async Task<Guid> ChildAsync(Guid flow) => (
                await app.Runs.CreateAsync(
                    new FlowRunCreate
                    {
                        FlowId = flow,
                        ParentTaskRunId = task.Run.Id,
                        State = ProposedStates.Running(),
                    }
                )
            ).Run.Id;
    }

    private static string SourceFile([CallerFilePath] string path = "") => path;

    /// <summary>Each service that moves runs on, once.</summary>
    private static async Task PassAsync(EmbeddedApp app)
    {
        TimerInfo timer = new();
        await Create<SweepOutbox>(app).RunAsync(timer, app.Client, CancellationToken.None);
        await Create<SweepFlowRuns>(app).RunAsync(timer, app.Client, CancellationToken.None);
        await Create<MarkLateRuns>(app).RunAsync(timer, CancellationToken.None);
        await Create<FailExpiredPauses>(app).RunAsync(timer, CancellationToken.None);
        await Create<EndStuckRuns>(app).RunAsync(timer, CancellationToken.None);
        await Create<EndZombieRuns>(app).RunAsync(timer, CancellationToken.None);
        await Create<SweepSlots>(app).RunAsync(timer, CancellationToken.None);
        (await app.Get<ServiceRuns>().ReadAsync()).ShouldAllBe(service => service.LastError == null);
    }

    /// <summary>A run that has the only slot of a limit, and one that waits for it, or for its orchestration, which is ended.</summary>
    private static async Task<(Guid Holder, Guid Waiting)> WaitingAsync(EmbeddedApp app, string state, Func<EmbeddedApp, Guid, Task> end)
    {
        await app.Get<ConcurrencyLimits>().SetDeploymentLimitAsync(await app.DeploymentAsync(Scripts.Plain), 1);
        var isResumed = state == StateNames.Resuming;
        Guid waiting = default;
        if (isResumed)
        {
            waiting = await app.RunAsync(async flow => await PauseAsync(() => flow.SuspendAsync(Hour)));
            await app.WhenAsync(waiting, StateNames.Suspended);
            await end(app, waiting);
        }

        var holder = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)));
        await app.WhenExecutedAsync("hold 1");
        if (isResumed)
        {
            await app.Control.ResumeAsync(waiting);
        }
        else
        {
            waiting = await app.RunAsync(_ => Task.FromResult(2));
            await app.WhenAsync(waiting, state);
            await end(app, waiting);
        }

        (await app.GetAsync(waiting)).StateName.ShouldBe(state);
        return (holder, waiting);
    }

    private static T Create<T>(EmbeddedApp app) => ActivatorUtilities.CreateInstance<T>(app.Services);

    private static Dictionary<string, JsonElement> Body(string name) => new() { ["body"] = JsonSerializer.SerializeToElement(name) };

    private static async Task<int> PauseAsync(Func<Task> pause)
    {
        await pause();
        return 1;
    }

    private static async Task TerminateAsync(EmbeddedApp app, Guid id)
    {
        var instance = OutboxEntry.InstanceIdOf(id, 1);
        await app.WhenAsync(async () => !await app.Get<OutboxStore>().ReadAsync().AnyAsync(), "the start");
        await app.Client.TerminateInstanceAsync(instance);
        await app.Client.WaitForInstanceCompletionAsync(instance).WaitAsync(EmbeddedApp.Patience);
    }

    private static async Task GoneAsync(EmbeddedApp app, Guid id)
    {
        await TerminateAsync(app, id);
        await app.Client.PurgeInstanceAsync(OutboxEntry.InstanceIdOf(id, 1));
    }
}
