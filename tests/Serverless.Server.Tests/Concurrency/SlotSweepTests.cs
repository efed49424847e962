using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Concurrency;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Concurrency;

public sealed class SlotSweepTests
{
    [Fact]
    public async Task Run_SlotsThatRunsHold_AreLeftAlone()
    {
        await using var server = await StartAsync();
        var run = await server.ScheduleAsync();
        await server.BeginAsync(run.Id);
        await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id) with { Tags = ["a", "b"] });

        server.Time.Advance(TimeSpan.FromDays(10));
        (await SweepAsync(server)).ShouldBe(0);

        var reads = server.Store.Reads;
        (await SweepAsync(server)).ShouldBe(0);
        server.Store.Reads.ShouldBe(reads, "they are known to be held");
        await server.EndAsync(run.Id);
        (await server.SlotsAsync(server.DeploymentLimit())).ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_SlotOfARunThatDoesNotHoldIt_IsGivenBackAfterAMinute()
    {
        await using var server = await StartAsync();
        var run = await server.ScheduleAsync();
        await ClaimAsync(server, new SlotOwner(run.Id));

        server.Time.Advance(SlotSweep.MinimumAge - TimeSpan.FromSeconds(1));
        (await SweepAsync(server)).ShouldBe(0);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        (await SweepAsync(server)).ShouldBe(1);

        (await server.SlotsAsync(server.DeploymentLimit())).ShouldBeEmpty();
        (await server.Runs.GetAsync(run.Id)).ShouldNotBeNull().StateName.ShouldBe("Scheduled");
    }

    [Fact]
    public async Task Run_SlotOfARunThatIsGone_IsGivenBack()
    {
        await using var server = await StartAsync();
        await ClaimAsync(server, new SlotOwner(Guid.NewGuid(), Guid.NewGuid()));

        server.Time.Advance(SlotSweep.MinimumAge);

        (await SweepAsync(server)).ShouldBe(1);
    }

    [Fact]
    public async Task Run_CommitUnderWayThatWouldHoldTheSlot_FailsAndIsJudgedAgain()
    {
        await using var server = await StartAsync();
        var run = await server.ScheduleAsync();
        var other = await server.ScheduleAsync();

        // The commit of the run's state hangs for so long that the sweep comes by, and somebody else takes the slot.
        server.Store.Once(
            RunKeys.Runs,
            async () =>
            {
                server.Time.Advance(SlotSweep.MinimumAge);
                (await SweepAsync(server)).ShouldBe(1);
                (await server.BeginAsync(other.Id)).Status.ShouldBe(SetStateStatus.Accept);
            }
        );
        var answer = await server.BeginAsync(run.Id);

        answer.State!.Name.ShouldBe(StateNames.AwaitingConcurrencySlot);
        (await server.SlotsAsync(server.DeploymentLimit())).ShouldHaveSingleItem().Owner.RunId.ShouldBe(other.Id);
    }

    [Fact]
    public async Task Run_OwnerChangedMeanwhile_IsLookedAtAgain()
    {
        await using var server = await StartAsync();
        var run = await server.ScheduleAsync();
        await ClaimAsync(server, new SlotOwner(run.Id));
        server.Time.Advance(SlotSweep.MinimumAge);
        server.Store.Once(RunKeys.Runs, async () => await server.Get<FlowRunControl>().CancelAsync(run.Id));

        (await SweepAsync(server)).ShouldBe(0);
        (await SweepAsync(server)).ShouldBe(1);
    }

    [Fact]
    public async Task Run_LeaseExpired_IsGivenBackThoughTheRunNamesIt()
    {
        await using var server = await StartAsync();
        var run = (
            await server.Runs.CreateAsync(
                new FlowRunCreate
                {
                    FlowId = server.Remote.Id,
                    DeploymentId = server.Registered.Id,
                    State = ProposedStates.Scheduled(),
                }
            )
        ).Run;
        await server.ProposeAsync(run.Id, ProposedStates.Pending(), LimitedServer.Renewing);

        server.Time.Advance(TimeSpan.FromMinutes(4));
        (await SweepAsync(server)).ShouldBe(0);
        server.Time.Advance(TimeSpan.FromMinutes(1));
        (await SweepAsync(server)).ShouldBe(1);

        (await server.Store.CountAsync(ConcurrencyKeys.Leases)).ShouldBe(0);
    }

    [Fact]
    public async Task Run_MoreThanAPage_GoesOnWithTheNextCall()
    {
        await using var server = await StartAsync();
        await server.LimitDeploymentAsync(1_500);
        for (var i = 0; i < 1_500; i++)
        {
            await ClaimAsync(server, new SlotOwner(Guid.NewGuid()));
        }

        server.Time.Advance(SlotSweep.MinimumAge);
        var first = await SweepAsync(server);
        var second = await SweepAsync(server);

        first.ShouldBeInRange(1, 1_000);
        (first + second).ShouldBe(1_500);
    }

    private static async Task<TestServer> StartAsync()
    {
        var server = await TestServer.StartAsync();
        await server.LimitDeploymentAsync(1);
        await server.Limits().SetTagLimitAsync("a", 1);
        await server.Limits().SetTagLimitAsync("b", 1);
        return server;
    }

    /// <summary>What a process does that dies before the run's commit.</summary>
    private static async Task ClaimAsync(TestServer server, SlotOwner owner) =>
        (
            await server
                .Limits()
                .Book.TryPrepareAsync(
                    null,
                    new SlotLease(Guid.NewGuid(), [server.DeploymentLimit()]),
                    owner,
                    [],
                    inTurn: false,
                    CancellationToken.None
                )
        ).ShouldBeTrue();

    private static Task<int> SweepAsync(TestServer server) => server.Get<SlotSweep>().RunAsync();
}
