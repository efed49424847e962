using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Concurrency;
using Serverless.Server.Deployments;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Tests.Concurrency;

/// <summary>Deployments whose older runs are cancelled for newer ones.</summary>
public sealed class SlotOverlapsTests : IAsyncLifetime
{
    private const string Message = "A newer run of the deployment takes its place.";

    private TestServer server = null!;

    public async Task InitializeAsync()
    {
        server = await TestServer.StartAsync();
        await server.LimitDeploymentAsync(1, ConcurrencyLimitStrategy.CancelRunning);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Begin_NoSlotFree_OlderRunIsCancelledAndTheNewerGetsItsSlot()
    {
        var older = await RunningAsync();
        var newer = await WaitingAsync();

        var state = await StateAsync(older);
        (state.Type, state.Message).ShouldBe((StateType.Cancelling, Message));
        (await server.SlotsAsync(server.DeploymentLimit())).ShouldHaveSingleItem().Owner.RunId.ShouldBe(older.Id);

        await StoppedAsync(older);
        (await server.BeginAsync(newer.Id)).Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task Begin_LimitOfTwo_AsManyOfTheOldestAreCancelledAsNeeded()
    {
        await server.LimitDeploymentAsync(2);
        var first = await RunningAsync();
        var second = await RunningAsync();

        var third = await WaitingAsync();
        (await TypesAsync(first, second, third)).ShouldBe([StateType.Cancelling, StateType.Running, StateType.Scheduled]);

        var fourth = await WaitingAsync();
        (await TypesAsync(first, second, third, fourth)).ShouldBe([
            StateType.Cancelling,
            StateType.Cancelling,
            StateType.Scheduled,
            StateType.Scheduled,
        ]);
    }

    [Fact]
    public async Task Begin_OlderOneWaits_ThatOneIsCancelledToo()
    {
        var first = await RunningAsync();
        var second = await WaitingAsync();
        var third = await WaitingAsync();

        (await TypesAsync(first, second, third)).ShouldBe([StateType.Cancelling, StateType.Cancelled, StateType.Scheduled]);
        (await StateAsync(second)).Message.ShouldBe(Message);

        await StoppedAsync(first);
        (await server.BeginAsync(third.Id)).Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task Begin_SlotIsKeptForAnOlderOne_GoesToTheNewer()
    {
        var first = await RunningAsync();
        var second = await WaitingAsync();
        await StoppedAsync(first);
        (await server.SlotsAsync(server.DeploymentLimit())).ShouldHaveSingleItem().Owner.RunId.ShouldBe(second.Id);

        var third = await ScheduleAsync();
        await server.BeginAsync(third.Id);
        (await server.BeginAsync(third.Id)).Status.ShouldBe(SetStateStatus.Wait);

        (await StateAsync(second)).Type.ShouldBe(StateType.Cancelled);
        (await server.BeginAsync(third.Id)).Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task Begin_OlderRunWantsASlotAgain_WaitsForTheNewerOne()
    {
        var older = await ScheduleAsync();
        var newer = await RunningAsync();

        await BeginToWaitAsync(older);
        await SweepAsync();
        (await TypesAsync(older, newer)).ShouldBe([StateType.Scheduled, StateType.Running]);

        await server.EndAsync(newer.Id);
        (await server.BeginAsync(older.Id)).Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task Begin_NewestOfAll_BothOlderOnesAreCancelled()
    {
        var older = await ScheduleAsync();
        var newer = await RunningAsync();
        await BeginToWaitAsync(older);

        var newest = await WaitingAsync();

        (await TypesAsync(older, newer, newest)).ShouldBe([StateType.Cancelled, StateType.Cancelling, StateType.Scheduled]);
    }

    [Fact]
    public async Task Begin_ManyAtOnce_OnlyTheNewestStays()
    {
        var first = await RunningAsync();
        List<FlowRun> runs = [];
        for (var i = 0; i < 12; i++)
        {
            runs.Add(await ScheduleAsync());
        }

        await Task.WhenAll(
            runs.Select(run =>
                Task.Run(async () =>
                {
                    await server.BeginAsync(run.Id);
                    await server.BeginAsync(run.Id);
                })
            )
        );

        (await StateAsync(first)).Type.ShouldBe(StateType.Cancelling);
        (await TypesAsync([.. runs[..^1]])).ShouldAllBe(type => type == StateType.Cancelled);
        await StoppedAsync(first);
        (await server.BeginAsync(runs[^1].Id)).Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task Begin_OlderOneBeginsToWaitMeanwhile_OnlyTheNewestStays()
    {
        var first = await RunningAsync();
        var second = await ScheduleAsync();
        var third = await ScheduleAsync();
        await server.BeginAsync(second.Id);
        await server.BeginAsync(third.Id);

        // The second one is about to be queued when the third one is, and has looked at the others.
        server.Store.Once(ConcurrencyKeys.Waits, () => server.BeginAsync(third.Id));
        await server.BeginAsync(second.Id);

        (await TypesAsync(first, second, third)).ShouldBe([StateType.Cancelling, StateType.Cancelled, StateType.Scheduled]);
    }

    [Fact]
    public async Task Begin_OlderOneEndsMeanwhile_IsNotCancelled()
    {
        var older = await RunningAsync();
        var newer = await ScheduleAsync();
        await server.BeginAsync(newer.Id);
        server.Store.Once(RunKeys.Runs, () => server.EndAsync(older.Id));

        await server.BeginAsync(newer.Id);

        (await StateAsync(older)).Type.ShouldBe(StateType.Completed);
        (await server.BeginAsync(newer.Id)).Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task Begin_OlderOneIsCancellingAlready_NobodyIsAskedToMakeRoomAgain()
    {
        await server.LimitDeploymentAsync(2);
        var first = await RunningAsync();
        var second = await RunningAsync();
        await server.Get<FlowRunControl>().CancelAsync(second.Id, "by hand");
        var before = (await StateAsync(second)).Id;

        var third = await WaitingAsync();
        await SweepAsync();

        (await TypesAsync(first, second, third)).ShouldBe([StateType.Running, StateType.Cancelling, StateType.Scheduled]);
        (await StateAsync(second)).Id.ShouldBe(before);
    }

    [Fact]
    public async Task Sweep_CrashBeforeTheOlderOneWasCancelled_CancelsIt()
    {
        var older = await RunningAsync();
        var newer = await ScheduleAsync();
        await server.BeginAsync(newer.Id);
        server.Store.Once(RunKeys.Runs, () => throw new RowStoreUnavailableException("away"));
        await Should.ThrowAsync<RowStoreUnavailableException>(server.BeginAsync(newer.Id));
        (await StateAsync(older)).Type.ShouldBe(StateType.Running);

        await SweepAsync();

        (await StateAsync(older)).Message.ShouldBe(Message);
        (await StateAsync(newer)).Name.ShouldBe(StateNames.AwaitingConcurrencySlot);
    }

    [Fact]
    public async Task Sweep_DeploymentQueuesNow_CancelsNobodyAndForgetsWhoWaits()
    {
        var older = await ScheduleAsync();
        var newer = await RunningAsync();
        await BeginToWaitAsync(older);
        await server.LimitDeploymentAsync(1, ConcurrencyLimitStrategy.Enqueue);
        var newest = await WaitingAsync();

        await SweepAsync();

        (await TypesAsync(older, newer, newest)).ShouldBe([StateType.Scheduled, StateType.Running, StateType.Scheduled]);
        (await NotedAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Sweep_NobodyWaitsAnyMore_ForgetsThem()
    {
        var older = await RunningAsync();
        var newer = await WaitingAsync();
        await StoppedAsync(older);
        await server.BeginAsync(newer.Id);
        (await NotedAsync()).ShouldHaveSingleItem();

        await SweepAsync();

        (await NotedAsync()).ShouldBeEmpty();
        (await StateAsync(newer)).Type.ShouldBe(StateType.Running);
    }

    [Fact]
    public async Task Delete_Limit_ForgetsWhoWaits()
    {
        await RunningAsync();
        await WaitingAsync();

        await server.Limits().DeleteAsync(server.DeploymentLimit(), CancellationToken.None);

        (await NotedAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Propose_RunsOfARemoteClient_OlderOnesAreCancelled()
    {
        var first = await RemoteAsync();
        (await AskAsync(first)).Status.ShouldBe(SetStateStatus.Accept);
        await server.ProposeAsync(first.Id, ProposedStates.Running(), LimitedServer.Renewing);

        var second = await RemoteAsync();
        (await AskAsync(second)).State!.Name.ShouldBe(StateNames.AwaitingConcurrencySlot);
        (await TypesAsync(first, second)).ShouldBe([StateType.Cancelling, StateType.Scheduled]);

        var third = await RemoteAsync();
        (await AskAsync(third)).State!.Name.ShouldBe(StateNames.AwaitingConcurrencySlot);
        (await TypesAsync(first, second, third)).ShouldBe([StateType.Cancelling, StateType.Cancelled, StateType.Scheduled]);

        // Its worker has stopped the first one.
        await server.ProposeAsync(first.Id, ProposedStates.Cancelled(), LimitedServer.Renewing);
        server.Time.Advance(TimeSpan.FromSeconds(30));
        (await AskAsync(third)).Status.ShouldBe(SetStateStatus.Accept);
    }

    private Task<GateAnswer> AskAsync(FlowRun run) => server.ProposeAsync(run.Id, ProposedStates.Pending(), LimitedServer.Renewing);

    private async Task<FlowRun> RemoteAsync()
    {
        server.Time.Advance(TimeSpan.FromMilliseconds(1));
        return (
            await server.Runs.CreateAsync(
                new FlowRunCreate
                {
                    FlowId = server.Remote.Id,
                    DeploymentId = server.Registered.Id,
                    State = ProposedStates.Scheduled(),
                }
            )
        ).Run;
    }

    private async Task<FlowRun> ScheduleAsync()
    {
        server.Time.Advance(TimeSpan.FromMilliseconds(1));
        return await server.ScheduleAsync();
    }

    private async Task<FlowRun> RunningAsync()
    {
        var run = await ScheduleAsync();
        (await server.BeginAsync(run.Id)).Status.ShouldBe(SetStateStatus.Accept);
        return run;
    }

    private async Task<FlowRun> WaitingAsync()
    {
        var run = await ScheduleAsync();
        await BeginToWaitAsync(run);
        return run;
    }

    private async Task BeginToWaitAsync(FlowRun run)
    {
        (await server.BeginAsync(run.Id)).State!.Name.ShouldBe(StateNames.AwaitingConcurrencySlot);
        (await server.BeginAsync(run.Id)).Status.ShouldBe(SetStateStatus.Wait);
    }

    /// <summary>What an orchestration proposes for a run that it has stopped.</summary>
    private async Task StoppedAsync(FlowRun run) =>
        (await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Cancelled(), TransitionOrigin.Orchestrator))
            .ShouldNotBeNull()
            .Status.ShouldBe(SetStateStatus.Accept);

    private async Task SweepAsync() => await server.Get<SlotSweep>().RunAsync();

    private async Task<State> StateAsync(FlowRun run) => (await server.Runs.GetAsync(run.Id)).ShouldNotBeNull().State.ShouldNotBeNull();

    private async Task<IReadOnlyList<StateType>> TypesAsync(params FlowRun[] runs)
    {
        List<StateType> types = [];
        foreach (var run in runs)
        {
            types.Add((await StateAsync(run)).Type);
        }

        return types;
    }

    private Task<IReadOnlyList<string>> NotedAsync() =>
        server.Store.KeysAsync(ConcurrencyKeys.Waits, ConcurrencyKeys.Newer(server.DeploymentLimit(), Guid.Empty).PartitionKey);
}
