using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Concurrency;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Tests.Concurrency;

/// <summary>Deployments that share a limit, and some of which cancel older runs for newer ones: each cancels its own only.</summary>
public sealed class SharedOverlapsTests : IAsyncLifetime
{
    private TestServer server = null!;
    private Guid shared;
    private Deployment cancels = null!;
    private Deployment queues = null!;

    public async Task InitializeAsync()
    {
        server = await TestServer.StartAsync();
        shared = await server.CreateLimitAsync("database", 2);
        cancels = server.Registered;
        queues = await server.DeployAsync("queues");
        await server.CollideAsync(cancels, ConcurrencyLimitStrategy.CancelRunning);
        await server.ShareAsync(cancels, shared);
        await server.ShareAsync(queues, shared);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Begin_OlderRunsOfBoth_ItsOwnIsCancelled()
    {
        var others = await RunningAsync(queues);
        var older = await RunningAsync(cancels);

        var newer = await WaitingAsync(cancels);

        (await TypesAsync(others, older, newer)).ShouldBe([StateType.Running, StateType.Cancelling, StateType.Scheduled]);
        await server.Gate.ProposeFlowRunStateAsync(older.Id, ProposedStates.Cancelled(), TransitionOrigin.Orchestrator);
        (await server.BeginAsync(newer.Id)).Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task Begin_OnlyRunsOfTheOther_NoneIsCancelled()
    {
        var first = await RunningAsync(queues);
        var second = await RunningAsync(queues);

        var newer = await WaitingAsync(cancels);
        await server.Get<SlotSweep>().RunAsync();

        (await TypesAsync(first, second, newer)).ShouldBe([StateType.Running, StateType.Running, StateType.Scheduled]);
        var newest = await WaitingAsync(cancels);
        (await TypesAsync(newer, newest)).ShouldBe([StateType.Cancelled, StateType.Scheduled]);
    }

    [Fact]
    public async Task Begin_RunOfTheOtherWaits_NoneIsCancelledForIt()
    {
        var first = await RunningAsync(cancels);
        var second = await RunningAsync(cancels);

        var waiting = await WaitingAsync(queues);
        await server.Get<SlotSweep>().RunAsync();

        (await TypesAsync(first, second, waiting)).ShouldBe([StateType.Running, StateType.Running, StateType.Scheduled]);
        (await server.Store.CountAsync(ConcurrencyKeys.Waits)).ShouldBe(1, "only the one in the queue");
    }

    [Fact]
    public async Task Begin_BothCancel_EachItsOwn()
    {
        await server.CollideAsync(queues, ConcurrencyLimitStrategy.CancelRunning);
        var first = await RunningAsync(cancels);
        var second = await RunningAsync(queues);

        var third = await WaitingAsync(cancels);
        (await TypesAsync(first, second, third)).ShouldBe([StateType.Cancelling, StateType.Running, StateType.Scheduled]);
        var fourth = await WaitingAsync(queues);
        (await TypesAsync(first, second, third, fourth)).ShouldBe([
            StateType.Cancelling,
            StateType.Cancelling,
            StateType.Scheduled,
            StateType.Scheduled,
        ]);
    }

    [Fact]
    public async Task Sweep_CrashBeforeTheOlderOneWasCancelled_CancelsIt()
    {
        var (older, newer) = await NotedAsync();

        await server.Get<SlotSweep>().RunAsync();

        (await TypesAsync(older, newer)).ShouldBe([StateType.Cancelling, StateType.Scheduled]);
    }

    /// <summary>The deployment has another limit, but its run has not looked yet: nobody gives way to it at the former one.</summary>
    [Fact]
    public async Task Sweep_DeploymentHasAnotherLimit_CancelsNobodyAndForgetsWhoWaits()
    {
        var (older, newer) = await NotedAsync();
        await server.ShareAsync(cancels, await server.CreateLimitAsync("other", 1));

        await server.Get<SlotSweep>().RunAsync();

        (await TypesAsync(older, newer)).ShouldBe([StateType.Running, StateType.Scheduled]);
        (await server.Store.CountAsync(ConcurrencyKeys.Waits)).ShouldBe(0);
    }

    /// <summary>A newer run that is noted as waiting, and an older one that a crash kept from being cancelled.</summary>
    private async Task<(FlowRun Older, FlowRun Newer)> NotedAsync()
    {
        await RunningAsync(queues);
        var older = await RunningAsync(cancels);
        var newer = await ScheduleAsync(cancels);
        await server.BeginAsync(newer.Id);
        server.Store.Once(RunKeys.Runs, () => throw new RowStoreUnavailableException("away"));
        await Should.ThrowAsync<RowStoreUnavailableException>(server.BeginAsync(newer.Id));
        return (older, newer);
    }

    private async Task<FlowRun> ScheduleAsync(Deployment deployment)
    {
        server.Time.Advance(TimeSpan.FromMilliseconds(1));
        return await server.ScheduleAsync(deployment);
    }

    private async Task<FlowRun> RunningAsync(Deployment deployment)
    {
        var run = await ScheduleAsync(deployment);
        (await server.BeginAsync(run.Id)).Status.ShouldBe(SetStateStatus.Accept);
        return run;
    }

    private async Task<FlowRun> WaitingAsync(Deployment deployment)
    {
        var run = await ScheduleAsync(deployment);
        await BeginToWaitAsync(run);
        return run;
    }

    private async Task BeginToWaitAsync(FlowRun run)
    {
        (await server.BeginAsync(run.Id)).State!.Name.ShouldBe(StateNames.AwaitingConcurrencySlot);
        (await server.BeginAsync(run.Id)).Status.ShouldBe(SetStateStatus.Wait);
    }

    private async Task<IReadOnlyList<StateType>> TypesAsync(params FlowRun[] runs)
    {
        List<StateType> types = [];
        foreach (var run in runs)
        {
            types.Add((await server.Runs.GetAsync(run.Id)).ShouldNotBeNull().StateType.ShouldNotBeNull());
        }

        return types;
    }
}
