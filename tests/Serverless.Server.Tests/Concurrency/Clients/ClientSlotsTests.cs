using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Concurrency;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Tests.Concurrency;

/// <summary>Slots that clients take by themselves, in the book of those of runs.</summary>
public sealed class ClientSlotsTests : IAsyncLifetime
{
    private static readonly TimeSpan Minutes = TimeSpan.FromMinutes(5);

    private TestServer server = null!;
    private Guid limit;

    private ClientSlots Clients => server.Limits().Clients;

    public async Task InitializeAsync()
    {
        server = await TestServer.StartAsync();
        limit = await server.CreateLimitAsync("shared", 1);
        await server.ShareAsync(server.Registered, limit);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Take_ARunHasTheSlot_WaitsForItsEnd()
    {
        var run = await server.ScheduleAsync();
        await server.BeginAsync(run.Id);

        (await TakeAsync()).RetryAfter.ShouldNotBeNull();
        await server.EndAsync(run.Id);

        (await TakeAsync()).RetryAfter.ShouldBeNull();
    }

    [Fact]
    public async Task Release_ARunWaits_TheRunGetsTheSlotAndIsTold()
    {
        var lease = (await TakeAsync()).LeaseId.ShouldNotBeNull();
        var run = await server.ScheduleAsync();
        (await server.BeginAsync(run.Id)).State!.Name.ShouldBe(StateNames.AwaitingConcurrencySlot);
        (await server.BeginAsync(run.Id)).Status.ShouldBe(SetStateStatus.Wait);

        await Clients.ReleaseLeaseAsync(lease, CancellationToken.None);

        server.Announcer.Entries.Last().Kind.ShouldBe(OutboxKind.SlotGranted);
        (await TakeAsync()).RetryAfter.ShouldNotBeNull("the slot is kept for the run");
        (await server.BeginAsync(run.Id)).Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task Take_ExpiredWhileARunWaits_DoesNotOvertakeTheRun()
    {
        await TakeAsync();
        var run = await server.ScheduleAsync();
        await server.BeginAsync(run.Id);
        await server.BeginAsync(run.Id);
        server.Time.Advance(Minutes);

        (await TakeAsync()).RetryAfter.ShouldNotBeNull();

        (await server.SlotsAsync(limit)).ShouldHaveSingleItem().IsKeptFor(new SlotOwner(run.Id)).ShouldBeTrue();
        (await server.BeginAsync(run.Id)).Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task Take_TheRunThatWaitedIsCancelled_TakesTheSlot()
    {
        await TakeAsync();
        var run = await server.ScheduleAsync();
        await server.BeginAsync(run.Id);
        await server.BeginAsync(run.Id);
        await server.Get<FlowRunControl>().CancelAsync(run.Id);
        server.Time.Advance(Minutes);

        (await TakeAsync()).RetryAfter.ShouldBeNull();
    }

    [Fact]
    public async Task Sweep_LeaseIsNotRenewed_ReleasesTheSlotAndWakesWhoWaits()
    {
        var lease = (await TakeAsync()).LeaseId.ShouldNotBeNull();
        var run = await server.ScheduleAsync();
        await server.BeginAsync(run.Id);
        await server.BeginAsync(run.Id);
        server.Time.Advance(Minutes - TimeSpan.FromSeconds(1));
        (await server.Get<SlotSweep>().RunAsync()).ShouldBe(0);

        server.Time.Advance(TimeSpan.FromSeconds(1));
        (await server.Get<SlotSweep>().RunAsync()).ShouldBe(1);

        (await server.BeginAsync(run.Id)).Status.ShouldBe(SetStateStatus.Accept);
        (await Clients.TryRenewAsync(lease, server.Time.GetUtcNow() + Minutes, CancellationToken.None)).ShouldBeFalse();
        (await server.Store.GetAsync(ConcurrencyKeys.Lease(lease))).ShouldBeNull();
    }

    [Fact]
    public async Task Sweep_SlotsWithoutALease_EndAfterAWeek()
    {
        await Clients.TakeAsync(["shared"], 1, null, null, false, CancellationToken.None);

        server.Time.Advance(ClientSlots.LongestHold - TimeSpan.FromSeconds(1));
        (await server.Get<SlotSweep>().RunAsync()).ShouldBe(0);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        (await server.Get<SlotSweep>().RunAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Sweep_TaskRunOfASlotHasEnded_ReleasesIt()
    {
        var tag = await server.CreateLimitAsync("tag:a", 2);
        var run = (await server.Gate.CreateTaskRunAsync(new TaskRunCreate { TaskKey = "t", DynamicKey = "0" })).Run;
        await Clients.TakeForTaskRunAsync(["a"], run.Id, CancellationToken.None);
        await Clients.TakeForTaskRunAsync(["a"], Guid.NewGuid(), CancellationToken.None);
        server.Time.Advance(SlotSweep.MinimumAge);
        (await server.Get<SlotSweep>().RunAsync()).ShouldBe(0, "nobody can say of one that is not there yet");

        await server.Gate.SetTaskRunStateAsync(run.Id, ProposedStates.Completed());

        (await server.Get<SlotSweep>().RunAsync()).ShouldBe(1);
        (await server.SlotsAsync(tag)).ShouldHaveSingleItem().HolderId.ShouldNotBe(run.Id);
    }

    [Fact]
    public async Task Release_OfARunsLease_LeavesItToTheRun()
    {
        var remote = await server.ScheduleAsync(server.Registered, server.Remote.Id);
        await server.ProposeAsync(remote.Id, ProposedStates.Pending(), LimitedServer.Renewing);
        var lease = (await server.LeaseAsync(remote.Id)).ShouldNotBeNull();

        await Clients.ReleaseLeaseAsync(lease.Id, CancellationToken.None);
        await Clients.ReleaseAsync(["shared"], 5, null, CancellationToken.None);

        (await server.SlotsAsync(limit)).ShouldHaveSingleItem().LeaseId.ShouldBe(lease.Id);
        (await Clients.TryRenewAsync(lease.Id, server.Time.GetUtcNow() + Minutes, CancellationToken.None)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Take_CrashAtAnyCommit_LeavesNothingForLong(bool isLeased)
    {
        var other = await server.CreateLimitAsync("other", 1);
        for (var crash = 1; await CrashAsync(crash, isApplied: crash % 2 == 0, isLeased); crash++)
        {
            // Slots of a lease end with it. Without a lease, only those of the last step are kept longer, which completes the request.
            server.Time.Advance(isLeased || crash < 5 ? Minutes : ClientSlots.LongestHold);
            await server.Get<SlotSweep>().RunAsync();
            (await server.SlotsAsync(limit)).ShouldBeEmpty($"crash {crash}");
            (await server.SlotsAsync(other)).ShouldBeEmpty($"crash {crash}");
        }

        (await server.SlotsAsync(limit)).ShouldHaveSingleItem();
        (await server.SlotsAsync(other)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task TakeForTaskRun_CrashBetweenTheTags_IsMadeGoodByTheNextRequest()
    {
        Guid[] limits = [await server.CreateLimitAsync("tag:a", 1), await server.CreateLimitAsync("tag:b", 1)];
        var run = Guid.NewGuid();
        var commits = 0;
        server.Store.BeforeCommit = _ => ++commits == 2 ? throw new RowStoreUnavailableException("away") : Task.CompletedTask;
        await Should.ThrowAsync<RowStoreUnavailableException>(() => Clients.TakeForTaskRunAsync(["a", "b"], run, CancellationToken.None));
        server.Store.BeforeCommit = null;

        // The slot that was taken has expired, and no sweep has come by.
        server.Time.Advance(ClientSlots.ClaimHold);
        (await Clients.TakeForTaskRunAsync(["a", "b"], run, CancellationToken.None)).Full.ShouldBeNull();

        foreach (var each in limits)
        {
            var slot = (await server.SlotsAsync(each)).ShouldHaveSingleItem();
            (slot.HolderId, slot.Expires).ShouldBe((run, server.Time.GetUtcNow() + ClientSlots.LongestHold));
        }
    }

    [Fact]
    public async Task ReleaseLease_CrashBetweenTheLimits_GoesOnWhenRepeated()
    {
        var other = await server.CreateLimitAsync("other", 1);
        var taken = await Clients.TakeAsync(["shared", "other"], 1, Minutes, null, false, CancellationToken.None);
        var lease = taken.LeaseId.ShouldNotBeNull();
        var commits = 0;
        server.Store.BeforeCommit = _ => ++commits == 2 ? throw new RowStoreUnavailableException("away") : Task.CompletedTask;
        await Should.ThrowAsync<RowStoreUnavailableException>(() => Clients.ReleaseLeaseAsync(lease, CancellationToken.None));
        server.Store.BeforeCommit = null;

        await Clients.ReleaseLeaseAsync(lease, CancellationToken.None);

        (await server.SlotsAsync(limit)).ShouldBeEmpty();
        (await server.SlotsAsync(other)).ShouldBeEmpty();
        (await server.Store.GetAsync(ConcurrencyKeys.Lease(lease))).ShouldBeNull();
    }

    [Fact]
    public async Task Take_OfARateLimitThatRunsUse_DecaysOneAfterTheOther()
    {
        var rate = (await server.Limits().CreateAsync("rate", new LimitChanges(4, Decay: 1), CancellationToken.None)).Id;
        await server.ShareAsync(server.Registered, rate);
        await Clients.TakeAsync(["rate"], 2, null, null, true, CancellationToken.None);
        var run = await server.ScheduleAsync();
        await server.BeginAsync(run.Id);
        (await ActiveAsync(rate)).ShouldBe(3);

        foreach (var left in new[] { 2, 1, 0 })
        {
            server.Time.Advance(TimeSpan.FromSeconds(1));
            (await ActiveAsync(rate)).ShouldBe(left);
        }
    }

    [Fact]
    public async Task Take_OftenerThanSlotsDecay_LosesNoPartOfASecond()
    {
        var rate = (await server.Limits().CreateAsync("rate", new LimitChanges(5, Decay: 1), CancellationToken.None)).Id;
        var taken = 0;
        for (var i = 0; i < 50; i++)
        {
            taken += (await Clients.TakeAsync(["rate"], 1, null, null, true, CancellationToken.None)).RetryAfter is null ? 1 : 0;
            server.Time.Advance(TimeSpan.FromSeconds(0.4));
        }

        // Five at once, and one for each of the twenty seconds.
        taken.ShouldBeInRange(24, 25);
        (await ActiveAsync(rate)).ShouldBeLessThanOrEqualTo(5);
    }

    [Fact]
    public async Task Renew_LeaseOfARateLimit_LivesOnAfterItsSlotsAreFree()
    {
        var rate = (await server.Limits().CreateAsync("rate", new LimitChanges(1, Decay: 1), CancellationToken.None)).Id;
        var first = (await Clients.TakeAsync(["rate"], 1, Minutes, null, true, CancellationToken.None)).LeaseId.ShouldNotBeNull();
        server.Time.Advance(TimeSpan.FromSeconds(1));

        (await ActiveAsync(rate)).ShouldBe(0);
        (await Clients.TakeAsync(["rate"], 1, Minutes, null, true, CancellationToken.None)).RetryAfter.ShouldBeNull();
        (await Clients.TryRenewAsync(first, server.Time.GetUtcNow() + Minutes, CancellationToken.None)).ShouldBeTrue();
        (await ActiveAsync(rate)).ShouldBe(1);
    }

    private Task<SlotsAnswer> TakeAsync() => Clients.TakeAsync(["shared"], 1, Minutes, null, false, CancellationToken.None);

    private async Task<int> ActiveAsync(Guid limitId) =>
        (await server.Limits().GetAsync(limitId, CancellationToken.None)).ShouldNotBeNull().ActiveSlots(server.Time.GetUtcNow());

    /// <summary>False when the request made fewer commits than that.</summary>
    private async Task<bool> CrashAsync(int at, bool isApplied, bool isLeased)
    {
        var commits = 0;
        void Fail(RowCommit commit)
        {
            if (++commits == (at + 1) / 2)
            {
                throw new RowStoreUnavailableException("away");
            }
        }

        server.Store.AfterCommit = isApplied ? Fail : null;
        server.Store.BeforeCommit = isApplied
            ? null
            : commit =>
            {
                Fail(commit);
                return Task.CompletedTask;
            };
        try
        {
            await Clients.TakeAsync(["shared", "other"], 1, isLeased ? Minutes : null, null, false, CancellationToken.None);
            return false;
        }
        catch (RowStoreUnavailableException)
        {
            return true;
        }
        finally
        {
            (server.Store.AfterCommit, server.Store.BeforeCommit) = (null, null);
        }
    }
}
