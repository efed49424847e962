using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Concurrency;
using Serverless.Server.Deployments;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Tests.Concurrency;

/// <summary>Limits that several deployments share.</summary>
public sealed class SharedLimitTests : IAsyncLifetime
{
    private TestServer server = null!;
    private Guid shared;
    private Guid other;
    private Deployment first = null!;
    private Deployment second = null!;

    public async Task InitializeAsync()
    {
        server = await TestServer.StartAsync();
        shared = await server.CreateLimitAsync("database", 1);
        other = await server.CreateLimitAsync("other", 1);
        first = server.Registered;
        second = await server.DeployAsync("second");
        await server.ShareAsync(first, shared);
        await server.ShareAsync(second, shared);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Begin_RunsOfTwoDeployments_TakeTheSlotsOfOneLimit()
    {
        var holder = await RunningAsync(first);
        var waiting = await WaitingAsync(second);

        (await TakenByAsync(shared)).ShouldBe([holder.Id]);
        (await server.ShownLimitAsync(first)).ShouldNotBeNull().ActiveSlots.ShouldBe(1);
        (await server.ShownLimitAsync(second)).ShouldNotBeNull().Id.ShouldBe(shared);

        await server.EndAsync(holder.Id);
        ToldOf(waiting).ShouldBe(1);
        (await server.BeginAsync(waiting.Id)).Status.ShouldBe(SetStateStatus.Accept);
        (await TakenByAsync(shared)).ShouldBe([waiting.Id]);
        await server.EndAsync(waiting.Id);
        (await TakenByAsync(shared)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Begin_NoSlotFree_DoesWhatItsOwnDeploymentSays()
    {
        await server.CollideAsync(second, ConcurrencyLimitStrategy.CancelNew);
        await RunningAsync(first);

        await WaitingAsync(first);
        (await server.BeginAsync((await server.ScheduleAsync(second)).Id)).State!.Type.ShouldBe(StateType.Cancelled);
    }

    [Fact]
    public async Task Share_LimitOfZero_AbortsTheRunsOfAll()
    {
        await server.Limits().UpdateAsync(shared, new LimitChanges(0), CancellationToken.None);

        foreach (var deployment in new[] { first, second })
        {
            (await server.BeginAsync((await server.ScheduleAsync(deployment)).Id)).Status.ShouldBe(SetStateStatus.Abort);
        }
    }

    /// <summary>Who changes the limit looks for waiting runs when this one has its state, but is not in the queue yet.</summary>
    [Fact]
    public async Task Share_NoLimitBeforeAWaitingRunIsInTheQueue_TheRunGoesOn()
    {
        await RunningAsync(first);
        var waiting = await server.ScheduleAsync(second);
        (await server.BeginAsync(waiting.Id)).State!.Name.ShouldBe(StateNames.AwaitingConcurrencySlot);
        server.Store.Once(ConcurrencyKeys.Waits, () => server.ShareAsync(second, null));

        (await server.BeginAsync(waiting.Id)).Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task Update_NumberRaised_WakesWhoWaits()
    {
        await RunningAsync(first);
        var waiting = await WaitingAsync(second);

        await server.Limits().UpdateAsync(shared, new LimitChanges(2), CancellationToken.None);

        ToldOf(waiting).ShouldBe(1);
        (await server.BeginAsync(waiting.Id)).Status.ShouldBe(SetStateStatus.Accept);
        (await server.SlotsAsync(shared)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Update_NotActive_WakesWhoWaitsAndLimitsNobody()
    {
        await RunningAsync(first);
        var waiting = await WaitingAsync(second);

        await server.Limits().UpdateAsync(shared, new LimitChanges(Active: false), CancellationToken.None);

        ToldOf(waiting).ShouldBe(1);
        (await server.BeginAsync(waiting.Id)).Status.ShouldBe(SetStateStatus.Accept);
        (await server.LeaseAsync(waiting.Id)).ShouldBeNull();
        (await server.ShownLimitAsync(second)).ShouldNotBeNull().Active.ShouldBeFalse();
    }

    [Fact]
    public async Task Update_Renamed_StaysTheirLimit()
    {
        await RunningAsync(first);
        var waiting = await WaitingAsync(second);

        await server.Limits().UpdateAsync(shared, new LimitChanges(Name: "files"), CancellationToken.None);

        (await server.BeginAsync(waiting.Id)).Status.ShouldBe(SetStateStatus.Wait);
        (await server.ShownLimitAsync(second)).ShouldNotBeNull().Name.ShouldBe("files");
    }

    [Fact]
    public async Task Delete_Limit_WakesWhoWaitsAndIsNobodysAnyMore()
    {
        var holder = await RunningAsync(first);
        var waiting = await WaitingAsync(second);

        (await server.Limits().DeleteAsync(shared, CancellationToken.None)).ShouldBeTrue();

        ToldOf(waiting).ShouldBe(1);
        (await server.ShownLimitAsync(first)).ShouldBeNull();
        (await server.BeginAsync(waiting.Id)).Status.ShouldBe(SetStateStatus.Accept);
        await server.EndAsync(holder.Id);
        await server.EndAsync(waiting.Id);
    }

    /// <summary>A limit that has the name of a deleted one has its id, too; but nobody bound a deployment to it.</summary>
    [Fact]
    public async Task Delete_LimitCreatedAgain_IsAnotherOne()
    {
        var holder = await RunningAsync(first);
        await server.Limits().DeleteAsync(shared, CancellationToken.None);
        server.Time.Advance(LimitLookup.Memory);

        (await server.CreateLimitAsync("database", 1)).ShouldBe(shared);

        (await server.ShownLimitAsync(first)).ShouldBeNull();
        await RunningAsync(first);
        await RunningAsync(second);
        await server.EndAsync(holder.Id);
        (await TakenByAsync(shared)).ShouldBeEmpty();
        await server.ShareAsync(first, shared);
        await RunningAsync(first);
        (await TakenByAsync(shared)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task End_DeploymentHasAnotherLimitMeanwhile_ReleasesTheSlotThatItTook()
    {
        var before = await RunningAsync(first);
        await server.ShareAsync(first, other);
        var after = await RunningAsync(first);

        (await TakenByAsync(shared)).ShouldBe([before.Id]);
        (await TakenByAsync(other)).ShouldBe([after.Id]);
        var waiting = await WaitingAsync(second);

        await server.EndAsync(before.Id);
        (await TakenByAsync(other)).ShouldBe([after.Id]);
        ToldOf(waiting).ShouldBe(1);
        (await server.BeginAsync(waiting.Id)).Status.ShouldBe(SetStateStatus.Accept);
        await server.EndAsync(after.Id);
        (await TakenByAsync(other)).ShouldBeEmpty();
    }

    [Fact]
    public async Task End_DeploymentHasNoLimitMeanwhile_ReleasesTheSlotThatItTook()
    {
        var run = await RunningAsync(first);
        await server.ShareAsync(first, null);

        (await server.ShownLimitAsync(first)).ShouldBeNull();
        await server.EndAsync(run.Id);

        (await TakenByAsync(shared)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Delete_RunOfADeploymentWithAnotherLimitMeanwhile_ReleasesTheSlotThatItTook()
    {
        var run = await RunningAsync(first);
        await server.ShareAsync(first, other);

        await server.Runs.DeleteAsync(run.Id);

        (await TakenByAsync(shared)).ShouldBeEmpty();
    }

    /// <summary>A worker's run that took its slot before its deployment got another limit keeps it, and renews its lease.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Running_LeaseOfTheFormerLimit_IsRenewed(bool isUnbound)
    {
        var run = await server.ScheduleAsync(first, server.Remote.Id);
        await server.ProposeAsync(run.Id, ProposedStates.Pending(), LimitedServer.Renewing);
        var before = (await server.LeaseAsync(run.Id)).ShouldNotBeNull();
        await server.ShareAsync(second, other);
        await RunningAsync(second);
        server.Time.Advance(TimeSpan.FromMinutes(1));
        await server.ShareAsync(first, isUnbound ? null : other);

        (await server.ProposeAsync(run.Id, ProposedStates.Running(), LimitedServer.Renewing)).Status.ShouldBe(SetStateStatus.Accept);

        var lease = (await server.LeaseAsync(run.Id)).ShouldNotBeNull();
        lease.Id.ShouldBe(before.Id);
        lease.LimitIds.ShouldBe([shared]);
        if (!isUnbound)
        {
            lease.Expires.ShouldBe(before.Expires + TimeSpan.FromMinutes(1));
        }

        (
            await server.Limits().Book.TryRenewAsync(lease.Id, server.Time.GetUtcNow() + TimeSpan.FromHours(1), CancellationToken.None)
        ).ShouldBeTrue();
        await server.ProposeAsync(run.Id, ProposedStates.Completed(), LimitedServer.Renewing);
        (await TakenByAsync(shared)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Running_LeaseOfTheFormerLimitHasExpired_TakesASlotOfThePresentOne(bool isFree)
    {
        var run = await server.ScheduleAsync(first, server.Remote.Id);
        await server.ProposeAsync(run.Id, ProposedStates.Pending(), LimitedServer.Renewing);
        await server.ShareAsync(first, other);
        if (!isFree)
        {
            await RunningAsync(first);
        }

        server.Time.Advance(TimeSpan.FromMinutes(6));
        await server.ProposeAsync(run.Id, ProposedStates.Running(), LimitedServer.Renewing);

        var state = (await server.Runs.GetAsync(run.Id)).ShouldNotBeNull().State!;
        state.Type.ShouldBe(isFree ? StateType.Running : StateType.Cancelled);
        (await TakenByAsync(other)).Contains(run.Id).ShouldBe(isFree);
        await server.Get<SlotSweep>().RunAsync();
        (await TakenByAsync(shared)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Share_AnotherLimit_WhoWaitsGoesOnThere()
    {
        var holder = await RunningAsync(first);
        var waiting = await WaitingAsync(second);
        var next = await WaitingAsync(first);

        await server.ShareAsync(second, other);

        (ToldOf(waiting), ToldOf(next)).ShouldBe((1, 1));
        (await server.BeginAsync(waiting.Id)).Status.ShouldBe(SetStateStatus.Accept);
        (await TakenByAsync(other)).ShouldBe([waiting.Id]);
        (await server.BeginAsync(next.Id)).Status.ShouldBe(SetStateStatus.Wait);
        await server.EndAsync(holder.Id);
        ToldOf(next).ShouldBe(2);
        (await server.BeginAsync(next.Id)).Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task Share_LimitInPlaceOfItsOwn_WhoWaitsGoesOnThere()
    {
        await server.Limits().SetDeploymentLimitAsync(first.Id, 1);
        await server.ShareAsync(first, null);
        await server.Limits().SetDeploymentLimitAsync(first.Id, 1);
        var own = await RunningAsync(first);
        var waiting = await WaitingAsync(first);

        await server.ShareAsync(first, shared);

        ToldOf(waiting).ShouldBe(1);
        (await server.BeginAsync(waiting.Id)).Status.ShouldBe(SetStateStatus.Accept);
        (await TakenByAsync(shared)).ShouldBe([waiting.Id]);
        await server.EndAsync(own.Id);
        (await TakenByAsync(server.DeploymentLimit())).ShouldBeEmpty();
    }

    [Fact]
    public async Task Share_TheSameLimitAgain_WakesNobody()
    {
        await RunningAsync(first);
        var waiting = await WaitingAsync(second);

        await server.ShareAsync(second, shared);

        ToldOf(waiting).ShouldBe(0);
        (await server.Store.CountAsync(ConcurrencyKeys.Waits)).ShouldBe(1);
    }

    /// <summary>The process dies after the deployment's row, before anybody is told: the run looks by itself in two minutes.</summary>
    [Fact]
    public async Task Share_DiesBeforeWhoWaitsIsTold_WhoWaitsGoesOnByItself()
    {
        var holder = await RunningAsync(first);
        var waiting = await WaitingAsync(second);
        var next = await WaitingAsync(first);
        server.Store.Once(ConcurrencyKeys.Waits, () => throw new RowStoreUnavailableException("away"));
        await Should.ThrowAsync<RowStoreUnavailableException>(() => server.ShareAsync(second, other));
        (ToldOf(waiting), ToldOf(next)).ShouldBe((0, 0));

        (await server.BeginAsync(waiting.Id)).Status.ShouldBe(SetStateStatus.Accept);
        (await TakenByAsync(other)).ShouldBe([waiting.Id]);

        // Its row in the former queue is passed over.
        await server.EndAsync(holder.Id);
        ToldOf(next).ShouldBe(1);
        (await server.BeginAsync(next.Id)).Status.ShouldBe(SetStateStatus.Accept);
    }

    /// <summary>As above, and a slot of the former limit is kept for it, in vain: the sweep gives that to the next.</summary>
    [Fact]
    public async Task Sweep_SlotKeptForARunThatHasAnotherLimitNow_GoesToTheNext()
    {
        var holder = await RunningAsync(first);
        var waiting = await WaitingAsync(second);
        var next = await WaitingAsync(first);
        server.Store.Once(ConcurrencyKeys.Waits, () => throw new RowStoreUnavailableException("away"));
        await Should.ThrowAsync<RowStoreUnavailableException>(() => server.ShareAsync(second, other));
        await server.EndAsync(holder.Id);
        ToldOf(waiting).ShouldBe(1);

        (await server.BeginAsync(waiting.Id)).Status.ShouldBe(SetStateStatus.Accept);
        (await TakenByAsync(other)).ShouldBe([waiting.Id]);
        server.Time.Advance(SlotSweep.MinimumAge);
        await server.Get<SlotSweep>().RunAsync();

        ToldOf(next).ShouldBe(1);
        (await server.BeginAsync(next.Id)).Status.ShouldBe(SetStateStatus.Accept);
    }

    /// <summary>Another process has the deployment share a limit: it counts here when the memory that it had none is over.</summary>
    [Fact]
    public async Task Begin_SharedByAnotherProcess_CountsSoon()
    {
        var third = await server.DeployAsync("third");
        await RunningAsync(third);
        var limit = (await server.Limits().GetAsync(other, CancellationToken.None)).ShouldNotBeNull();
        await server
            .Get<DeploymentService>()
            .UpdateAsync(third.Id, (stored, _) => stored with { GlobalConcurrencyLimit = limit.Reference });

        server.Time.Advance(LimitLookup.Memory);
        await RunningAsync(third);

        (await TakenByAsync(other)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Share_RightAfterItHadNoLimit_CountsAtOnce()
    {
        var third = await server.DeployAsync("third");
        await RunningAsync(third);

        await server.ShareAsync(third, other);
        await RunningAsync(third);

        (await TakenByAsync(other)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Update_LimitOfItsOwn_TakesThePlaceOfTheSharedOneWhichStaysAsItIs()
    {
        await RunningAsync(first);
        var waiting = await WaitingAsync(first);

        await server.Get<DeploymentControl>().UpdateAsync(first.Id, new DeploymentUpdate { ConcurrencyLimit = 3 });

        ToldOf(waiting).ShouldBe(1);
        (await server.BeginAsync(waiting.Id)).Status.ShouldBe(SetStateStatus.Accept);
        (await server.ShownLimitAsync(first)).ShouldNotBeNull().Name.ShouldBe($"deployment:{first.Id}");
        (await server.ShownLimitAsync(first)).ShouldNotBeNull().Limit.ShouldBe(3);
        (await server.ShownLimitAsync(second)).ShouldNotBeNull().Limit.ShouldBe(1);
        await server.Get<DeploymentControl>().UpdateAsync(second.Id, new DeploymentUpdate { ConcurrencyLimit = null });
        (await server.ShownLimitAsync(second)).ShouldBeNull();
        (await server.Limits().GetAsync(shared, CancellationToken.None)).ShouldNotBeNull();
    }

    /// <summary>The process dies between its own limit and the deployment's row: the shared one counts, and a repetition sets it.</summary>
    [Fact]
    public async Task Update_DiesBeforeItsOwnLimitCounts_ASecondRequestSetsIt()
    {
        var left = 2;
        server.Store.BeforeCommit = commit =>
            commit.Operations[0].Address.Table == DeploymentKeys.Deployments && --left == 0
                ? throw new RowStoreUnavailableException("away")
                : Task.CompletedTask;
        DeploymentUpdate request = new() { ConcurrencyLimit = 3, Description = "changed" };
        await Should.ThrowAsync<RowStoreUnavailableException>(() => server.Get<DeploymentControl>().UpdateAsync(first.Id, request));
        server.Store.BeforeCommit = null;
        (await server.ShownLimitAsync(first)).ShouldNotBeNull().Id.ShouldBe(shared);

        await server.Get<DeploymentControl>().UpdateAsync(first.Id, request);

        (await server.ShownLimitAsync(first)).ShouldNotBeNull().Limit.ShouldBe(3);
    }

    /// <summary>A limit of its own that was set aside for a shared one does not come back with the end of that.</summary>
    [Fact]
    public async Task Share_ThenNone_ItsOwnLimitIsGone()
    {
        var third = await server.DeployAsync("third");
        await server.Limits().SetDeploymentLimitAsync(third.Id, 1);
        await server.ShareAsync(third, other);
        (await server.ShownLimitAsync(third)).ShouldNotBeNull().Id.ShouldBe(other);

        await server.Limits().DeleteAsync(other, CancellationToken.None);
        (await server.ShownLimitAsync(third)).ShouldBeNull();
        await server.ShareAsync(third, null);

        (await server.ShownLimitAsync(third)).ShouldBeNull();
        (await server.Limits().GetAsync($"deployment:{third.Id}", CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Share_ItsOwnLimitById_StaysIt()
    {
        var third = await server.DeployAsync("third");
        await server.Limits().SetDeploymentLimitAsync(third.Id, 2);

        await server.ShareAsync(third, ConcurrencyKeys.IdOfDeployment(third.Id));

        (await server.ShownLimitAsync(third)).ShouldNotBeNull().Limit.ShouldBe(2);
        await server.Get<DeploymentControl>().UpdateAsync(third.Id, new DeploymentUpdate { ConcurrencyLimit = 3 });
        (await server.ShownLimitAsync(third)).ShouldNotBeNull().Limit.ShouldBe(3);
    }

    [Fact]
    public async Task Delete_Deployment_LeavesTheLimitToTheOthers()
    {
        var holder = await RunningAsync(first);
        var waiting = await WaitingAsync(second);
        var next = await WaitingAsync(first);

        await server.Get<DeploymentControl>().DeleteAsync(second.Id);

        (await server.ShownLimitAsync(first)).ShouldNotBeNull().Id.ShouldBe(shared);
        ToldOf(waiting).ShouldBe(1);
        (await server.BeginAsync(waiting.Id)).Details.ShouldBeOfType<StateAbortDetails>().Reason.ShouldBe("Deployment not found.");
        (await server.BeginAsync(next.Id)).Status.ShouldBe(SetStateStatus.Wait);
        await server.EndAsync(holder.Id);
        (await server.BeginAsync(next.Id)).Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task Cancel_RunThatASlotIsKeptFor_GivesItToTheNextOfTheOtherDeployment()
    {
        var holder = await RunningAsync(first);
        var waiting = await WaitingAsync(second);
        var next = await WaitingAsync(first);
        await server.EndAsync(holder.Id);
        (await TakenByAsync(shared)).ShouldBe([waiting.Id]);

        await server.Get<FlowRunControl>().CancelAsync(waiting.Id);

        ToldOf(next).ShouldBe(1);
        (await TakenByAsync(shared)).ShouldBe([next.Id]);
    }

    [Fact]
    public async Task Begin_LastSlotTakenByTheOtherDeploymentMeanwhile_IsJudgedAgain()
    {
        var slow = await server.ScheduleAsync(first);
        var fast = await server.ScheduleAsync(second);
        server.Store.Once(ConcurrencyKeys.Limits, () => server.BeginAsync(fast.Id));

        (await server.BeginAsync(slow.Id)).State!.Name.ShouldBe(StateNames.AwaitingConcurrencySlot);

        (await TakenByAsync(shared)).ShouldBe([fast.Id]);
    }

    /// <summary>The deployment gets another limit while its run takes a slot: the run keeps that, and gives it back there.</summary>
    [Fact]
    public async Task Begin_OtherLimitMeanwhile_HoldsTheSlotThatItTook()
    {
        var run = await server.ScheduleAsync(first);
        server.Store.Once(ConcurrencyKeys.Limits, () => server.ShareAsync(first, other));

        (await server.BeginAsync(run.Id)).Status.ShouldBe(SetStateStatus.Accept);

        (await server.LeaseAsync(run.Id)).ShouldNotBeNull().LimitIds.ShouldBe([shared]);
        await server.EndAsync(run.Id);
        (await TakenByAsync(shared)).ShouldBeEmpty();
    }

    private async Task<FlowRun> RunningAsync(Deployment deployment)
    {
        var run = await server.ScheduleAsync(deployment);
        (await server.BeginAsync(run.Id)).Status.ShouldBe(SetStateStatus.Accept);
        return run;
    }

    private async Task<FlowRun> WaitingAsync(Deployment deployment)
    {
        server.Time.Advance(TimeSpan.FromMilliseconds(1));
        var run = await server.ScheduleAsync(deployment);
        (await server.BeginAsync(run.Id)).State!.Name.ShouldBe(StateNames.AwaitingConcurrencySlot);
        (await server.BeginAsync(run.Id)).Status.ShouldBe(SetStateStatus.Wait);
        return run;
    }

    private int ToldOf(FlowRun run) =>
        server.Announcer.Entries.Count(entry => entry.Kind == OutboxKind.SlotGranted && entry.FlowRunId == run.Id);

    private async Task<IReadOnlyList<Guid>> TakenByAsync(Guid limitId) =>
        [.. (await server.SlotsAsync(limitId)).Select(slot => slot.Owner.RunId)];
}
