using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Concurrency;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Concurrency;

/// <summary>The queue of runs that wait for a slot.</summary>
public sealed class SlotQueueTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync()
    {
        server = await TestServer.StartAsync();
        await server.LimitDeploymentAsync(1);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task End_SomebodyWaits_SlotIsKeptForThatRunAndItIsTold()
    {
        var first = await RunningAsync();
        var second = await WaitingAsync();

        await server.EndAsync(first.Id);

        var kept = (await server.SlotsAsync(server.DeploymentLimit())).ShouldHaveSingleItem();
        kept.IsKeptFor(new SlotOwner(second.Id)).ShouldBeTrue();
        var told = server.Announcer.Entries.Last();
        (told.Kind, told.InstanceId, told.TaskRunId).ShouldBe((OutboxKind.SlotGranted, $"{second.Id:N}-1", null));
        OutboxEntry.FromMessage(told.ToMessage()).ShouldBe(told);
        (await server.BeginAsync(second.Id)).Status.ShouldBe(SetStateStatus.Accept);
        (await server.LeaseAsync(second.Id))!.Id.ShouldBe(kept.LeaseId);
        (await QueueAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Begin_OthersWait_DoesNotOvertakeThem()
    {
        var first = await RunningAsync();
        var second = await WaitingAsync();
        await server.EndAsync(first.Id);

        var third = await server.ScheduleAsync();
        (await server.BeginAsync(third.Id)).State!.Name.ShouldBe(StateNames.AwaitingConcurrencySlot);
        (await server.BeginAsync(third.Id)).Status.ShouldBe(SetStateStatus.Wait);

        (await server.BeginAsync(second.Id)).Status.ShouldBe(SetStateStatus.Accept);
        await server.EndAsync(second.Id);
        (await server.BeginAsync(third.Id)).Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task Begin_WaitsStill_WritesNoState()
    {
        await RunningAsync();
        var second = await WaitingAsync();

        for (var i = 0; i < 5; i++)
        {
            server.Time.Advance(TimeSpan.FromMinutes(2));
            (await server.BeginAsync(second.Id)).Details.ShouldBeOfType<StateWaitDetails>().DelaySeconds.ShouldBe(120);
        }

        (await server.Runs.GetStatesAsync(second.Id)).Count.ShouldBe(2);
        (await QueueAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task End_ManyWait_OneIsServedWithFewCommits()
    {
        var running = await RunningAsync();
        List<FlowRun> waiting = [];
        for (var i = 0; i < 200; i++)
        {
            waiting.Add(await WaitingAsync());
        }

        foreach (var next in waiting[..20])
        {
            (var commits, var reads, var queries, var told) = (
                server.Store.Commits,
                server.Store.Reads,
                server.Store.Queries,
                server.Announcer.Entries.Count
            );
            await server.EndAsync(running.Id);
            (server.Store.Commits - commits).ShouldBeLessThanOrEqualTo(2);
            (server.Store.Reads - reads + server.Store.Queries - queries).ShouldBeLessThanOrEqualTo(10);
            server.Announcer.Entries.Skip(told).Count(entry => entry.Kind == OutboxKind.SlotGranted).ShouldBe(1);
            (await server.BeginAsync(next.Id)).Status.ShouldBe(SetStateStatus.Accept);
            running = next;
        }
    }

    [Fact]
    public async Task End_WaitingRunsAreGone_TheirPlacesArePassedOver()
    {
        var running = await RunningAsync();
        FlowRun[] gone = [await WaitingAsync(), await WaitingAsync(), await WaitingAsync()];
        var next = await WaitingAsync();
        foreach (var run in gone)
        {
            await server.Get<FlowRunControl>().CancelAsync(run.Id);
        }

        await server.EndAsync(running.Id);

        (await server.BeginAsync(next.Id)).Status.ShouldBe(SetStateStatus.Accept);
        (await QueueAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancel_RunThatASlotIsKeptFor_NextOneGetsIt()
    {
        var running = await RunningAsync();
        var second = await WaitingAsync();
        var third = await WaitingAsync();
        await server.EndAsync(running.Id);

        await server.Get<FlowRunControl>().CancelAsync(second.Id);

        (await server.BeginAsync(third.Id)).Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task Sweep_RunDoesNotComeForItsSlot_IsToldAndQueuesAgain()
    {
        var running = await RunningAsync();
        var second = await WaitingAsync();
        await server.EndAsync(running.Id);
        var told = server.Announcer.Entries.Count;

        server.Time.Advance(SlotSweep.MinimumAge);
        (await server.Get<SlotSweep>().RunAsync()).ShouldBe(1);

        server.Announcer.Entries.Count.ShouldBe(told + 1);
        (await server.BeginAsync(second.Id)).Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task Sweep_SlotWasGivenBackBesideTheQueue_ServesIt()
    {
        var running = await RunningAsync();
        var second = await WaitingAsync();
        var slot = (await server.SlotsAsync(server.DeploymentLimit())).ShouldHaveSingleItem();
        await server.Store.CommitAsync(new Storage.RowCommit().Add(Storage.RowOperation.Delete(slot.Address)));

        await server.Get<SlotSweep>().RunAsync();

        (await server.SlotsAsync(server.DeploymentLimit())).ShouldHaveSingleItem().IsKeptFor(new SlotOwner(second.Id)).ShouldBeTrue();
    }

    [Fact]
    public async Task Confirm_SweepWasFaster_RunDoesNotHoldTheSlot()
    {
        var running = await RunningAsync();
        var second = await WaitingAsync();
        await server.EndAsync(running.Id);
        server.Time.Advance(SlotSweep.MinimumAge);
        server.Store.Once(
            ConcurrencyKeys.Limits,
            async () =>
            {
                await server.Get<SlotSweep>().RunAsync();
                var third = await server.ScheduleAsync();
                (await server.BeginAsync(third.Id)).Status.ShouldBe(SetStateStatus.Accept);
            }
        );

        await server.BeginAsync(second.Id);

        (await server.SlotsAsync(server.DeploymentLimit())).Count.ShouldBe(1);
        (await server.LeaseAsync(second.Id)).ShouldBeNull();
    }

    [Fact]
    public async Task Tags_SecondLimitIsFull_FirstOnesSlotGoesOnToTheNext()
    {
        await server.Limits().SetTagLimitAsync("a", 1);
        await server.Limits().SetTagLimitAsync("b", 1);
        var run = await server.CreateRunningAsync();
        var holdsA = (await BeginTaskAsync(run, 0, "a"))!;
        var holdsB = (await BeginTaskAsync(run, 1, "b"))!;
        (await BeginTaskAsync(run, 2, "a", "b"))!.Answer.Status.ShouldBe(SetStateStatus.Wait);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        (await BeginTaskAsync(run, 3, "a"))!.Answer.Status.ShouldBe(SetStateStatus.Wait);

        await server.Gate.EndTaskRunAsync(holdsA, ProposedStates.Completed());
        (await BeginTaskAsync(run, 2, "a", "b"))!.Answer.Status.ShouldBe(SetStateStatus.Wait);

        var third = (await BeginTaskAsync(run, 3, "a"))!;
        third.Answer.Status.ShouldBe(SetStateStatus.Accept);
        await server.Gate.EndTaskRunAsync(third, ProposedStates.Completed());
        await server.Gate.EndTaskRunAsync(holdsB, ProposedStates.Completed());
        (await BeginTaskAsync(run, 2, "a", "b"))!.Answer.Status.ShouldBe(SetStateStatus.Accept);
    }

    private Task<TaskRunStarted?> BeginTaskAsync(FlowRun run, int number, params string[] tags) =>
        server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id, number) with { Tags = tags, Instance = "some" });

    private async Task<FlowRun> RunningAsync()
    {
        var run = await server.ScheduleAsync();
        (await server.BeginAsync(run.Id)).Status.ShouldBe(SetStateStatus.Accept);
        return run;
    }

    private async Task<FlowRun> WaitingAsync()
    {
        server.Time.Advance(TimeSpan.FromMilliseconds(1));
        var run = await server.ScheduleAsync();
        (await server.BeginAsync(run.Id)).State!.Name.ShouldBe(StateNames.AwaitingConcurrencySlot);
        (await server.BeginAsync(run.Id)).Status.ShouldBe(SetStateStatus.Wait);
        return run;
    }

    private Task<IReadOnlyList<string>> QueueAsync() =>
        server.Store.KeysAsync(ConcurrencyKeys.Waits, ConcurrencyKeys.Partition(server.DeploymentLimit()));
}
