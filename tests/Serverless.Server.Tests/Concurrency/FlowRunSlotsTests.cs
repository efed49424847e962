using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Concurrency;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Tests.Concurrency;

/// <summary>Flow runs and the slots of their deployment's limit.</summary>
public sealed class FlowRunSlotsTests
{
    private const string Full = "Deployment concurrency limit reached.";

    [Fact]
    public async Task Begin_SlotFree_HoldsItUntilTheEnd()
    {
        await using var server = await TestServer.StartAsync();
        await server.LimitDeploymentAsync(1);
        var run = await server.ScheduleAsync();

        (await server.BeginAsync(run.Id)).Status.ShouldBe(SetStateStatus.Accept);

        var lease = (await server.LeaseAsync(run.Id)).ShouldNotBeNull();
        lease.Expires.ShouldBeNull();
        var slot = (await server.SlotsAsync(server.DeploymentLimit())).ShouldHaveSingleItem();
        slot.LeaseId.ShouldBe(lease.Id);
        slot.Expires.ShouldBeNull();
        slot.Owner.ShouldBe(new SlotOwner(run.Id));
        (await server.Runs.GetStatesAsync(run.Id))[^1].StateDetails.DeploymentConcurrencyLeaseId.ShouldBe(lease.Id);

        await server.EndAsync(run.Id);
        (await server.LeaseAsync(run.Id)).ShouldBeNull();
        (await server.SlotsAsync(server.DeploymentLimit())).ShouldBeEmpty();
    }

    [Fact]
    public async Task Begin_NoSlotFree_AwaitsOne()
    {
        await using var server = await TestServer.StartAsync();
        await server.LimitDeploymentAsync(1);
        var first = await server.ScheduleAsync();
        var second = await server.ScheduleAsync();
        await server.BeginAsync(first.Id);

        var answer = await server.BeginAsync(second.Id);

        answer.Status.ShouldBe(SetStateStatus.Reject);
        answer.Details.ShouldBeOfType<StateRejectDetails>().Reason.ShouldBe(Full);
        answer.State!.Name.ShouldBe(StateNames.AwaitingConcurrencySlot);
        (await server.LeaseAsync(second.Id)).ShouldBeNull();

        await server.EndAsync(first.Id);
        server.Time.Advance(TimeSpan.FromSeconds(30));
        (await server.BeginAsync(second.Id)).Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task Begin_NoSlotFreeAndCancelNew_IsCancelled()
    {
        await using var server = await TestServer.StartAsync();
        await server.LimitDeploymentAsync(1, ConcurrencyLimitStrategy.CancelNew);
        await server.BeginAsync((await server.ScheduleAsync()).Id);

        var answer = await server.BeginAsync((await server.ScheduleAsync()).Id);

        answer.State!.Type.ShouldBe(StateType.Cancelled);
        answer.State.Message.ShouldBe(Full);
        (await server.SlotsAsync(server.DeploymentLimit())).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Begin_LastSlotTakenMeanwhile_IsJudgedAgain()
    {
        await using var server = await TestServer.StartAsync();
        await server.LimitDeploymentAsync(1);
        var slow = await server.ScheduleAsync();
        var fast = await server.ScheduleAsync();
        server.Store.Once(ConcurrencyKeys.Limits, () => server.BeginAsync(fast.Id));

        var answer = await server.BeginAsync(slow.Id);

        answer.State!.Name.ShouldBe(StateNames.AwaitingConcurrencySlot);
        (await server.SlotsAsync(server.DeploymentLimit())).ShouldHaveSingleItem().Owner.RunId.ShouldBe(fast.Id);
    }

    [Fact]
    public async Task Begin_ManyAtOnce_AsManyAsThereAreSlotsRun()
    {
        await using var server = await TestServer.StartAsync();
        await server.LimitDeploymentAsync(7);
        List<FlowRun> runs = [];
        for (var i = 0; i < 20; i++)
        {
            runs.Add(await server.ScheduleAsync());
        }

        var answers = await Task.WhenAll(runs.Select(run => Task.Run(() => server.BeginAsync(run.Id))));

        answers.Count(answer => answer.Status == SetStateStatus.Accept).ShouldBe(7);
        answers.Count(answer => answer.State!.Name == StateNames.AwaitingConcurrencySlot).ShouldBe(13);
        (await server.SlotsAsync(server.DeploymentLimit())).Count.ShouldBe(7);
    }

    [Fact]
    public async Task Begin_RunChangedMeanwhile_GivesTheSlotBack()
    {
        await using var server = await TestServer.StartAsync();
        await server.LimitDeploymentAsync(1);
        var run = await server.ScheduleAsync();
        server.Store.Once(RunKeys.Runs, async () => await server.Get<FlowRunControl>().CancelAsync(run.Id));

        var answer = await server.BeginAsync(run.Id);

        answer.State!.Type.ShouldBe(StateType.Cancelled);
        (await server.SlotsAsync(server.DeploymentLimit())).ShouldBeEmpty();
    }

    [Fact]
    public async Task Begin_LimitDeletedMeanwhile_RunsWithoutSlot()
    {
        await using var server = await TestServer.StartAsync();
        await server.LimitDeploymentAsync(1);
        var run = await server.ScheduleAsync();
        server.Store.Once(ConcurrencyKeys.Limits, () => server.Limits().DeleteAsync(server.DeploymentLimit(), CancellationToken.None));

        (await server.BeginAsync(run.Id)).Status.ShouldBe(SetStateStatus.Accept);

        (await server.LeaseAsync(run.Id)).ShouldBeNull();
        (await server.Store.CountAsync(ConcurrencyKeys.Limits)).ShouldBe(0);
    }

    [Fact]
    public async Task Begin_LimitNotActive_IsNotEnforced()
    {
        await using var server = await TestServer.StartAsync();
        await server.LimitDeploymentAsync(0);
        await server.Limits().UpdateAsync(server.DeploymentLimit(), new LimitChanges(Active: false), CancellationToken.None);

        (await server.BeginAsync((await server.ScheduleAsync()).Id)).Status.ShouldBe(SetStateStatus.Accept);

        (await server.SlotsAsync(server.DeploymentLimit())).ShouldBeEmpty();
    }

    [Fact]
    public async Task Begin_LimitOfZero_IsAborted()
    {
        await using var server = await TestServer.StartAsync();
        await server.LimitDeploymentAsync(0);

        var answer = await server.BeginAsync((await server.ScheduleAsync()).Id);

        answer
            .Details.ShouldBeOfType<StateAbortDetails>()
            .Reason.ShouldBe("The deployment concurrency limit is 0. The flow will deadlock if submitted again.");
    }

    [Fact]
    public async Task Begin_LimitShrunk_WaitsUntilFewerRun()
    {
        await using var server = await TestServer.StartAsync();
        await server.LimitDeploymentAsync(2);
        FlowRun[] runs = [await server.ScheduleAsync(), await server.ScheduleAsync(), await server.ScheduleAsync()];
        await server.BeginAsync(runs[0].Id);
        await server.BeginAsync(runs[1].Id);
        await server.LimitDeploymentAsync(1);

        (await server.BeginAsync(runs[2].Id)).Status.ShouldBe(SetStateStatus.Reject);
        await server.EndAsync(runs[0].Id);
        (await server.BeginAsync(runs[2].Id)).Status.ShouldBe(SetStateStatus.Wait);
        await server.EndAsync(runs[1].Id);
        server.Time.Advance(TimeSpan.FromSeconds(30));
        (await server.BeginAsync(runs[2].Id)).Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task Force_FinalState_GivesTheSlotBack()
    {
        await using var server = await TestServer.StartAsync();
        await server.LimitDeploymentAsync(1);
        var run = await server.ScheduleAsync();
        await server.BeginAsync(run.Id);

        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Crashed(), TransitionOrigin.Client, force: true);

        (await server.SlotsAsync(server.DeploymentLimit())).ShouldBeEmpty();
    }

    [Fact]
    public async Task Delete_RunWithSlot_GivesItBack()
    {
        await using var server = await TestServer.StartAsync();
        await server.LimitDeploymentAsync(1);
        var run = await server.ScheduleAsync();
        await server.BeginAsync(run.Id);

        await server.Runs.DeleteAsync(run.Id);

        (await server.SlotsAsync(server.DeploymentLimit())).ShouldBeEmpty();
    }

    [Fact]
    public async Task Begin_StoreAwayAfterTheClaim_LeavesTheSlotToTheSweep()
    {
        await using var server = await TestServer.StartAsync();
        await server.LimitDeploymentAsync(1);
        var run = await server.ScheduleAsync();
        server.Store.Once(RunKeys.Runs, () => throw new RowStoreUnavailableException("away"));

        await Should.ThrowAsync<RowStoreUnavailableException>(server.BeginAsync(run.Id));

        (await server.SlotsAsync(server.DeploymentLimit())).Count.ShouldBe(1);
        (await server.BeginAsync(run.Id)).State!.Name.ShouldBe(StateNames.AwaitingConcurrencySlot);
        server.Time.Advance(SlotSweep.MinimumAge);
        (await server.Get<SlotSweep>().RunAsync()).ShouldBe(1);
        (await server.BeginAsync(run.Id)).Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task Begin_NoLimit_AsksForItOnceInAWhile()
    {
        await using var server = await TestServer.StartAsync();
        FlowRun[] runs = [await server.ScheduleAsync(), await server.ScheduleAsync(), await server.ScheduleAsync()];
        await server.BeginAsync(runs[0].Id);
        var queries = server.Store.Queries;
        var reads = server.Store.Reads;

        await server.BeginAsync(runs[1].Id);

        server.Store.Queries.ShouldBe(queries);
        server.Store.Reads.ShouldBe(reads + 1);
        server.Time.Advance(LimitLookup.Memory);
        await server.BeginAsync(runs[2].Id);
        server.Store.Queries.ShouldBe(queries + 1);
    }

    [Fact]
    public async Task Begin_LimitCreatedAfterItWasLookedFor_Counts()
    {
        await using var server = await TestServer.StartAsync();
        await server.BeginAsync((await server.ScheduleAsync()).Id);

        await server.LimitDeploymentAsync(1);

        await server.BeginAsync((await server.ScheduleAsync()).Id);
        (await server.SlotsAsync(server.DeploymentLimit())).Count.ShouldBe(1);
    }
}
