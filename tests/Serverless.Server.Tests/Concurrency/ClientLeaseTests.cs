using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Concurrency;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Concurrency;

/// <summary>Leases of runs that a client executes, which expire unless it renews them.</summary>
public sealed class ClientLeaseTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Pending_ByAClient_HoldsTheSlotForTheGracePeriod()
    {
        await using var server = await StartAsync();
        var run = await RemoteAsync(server);

        await server.ProposeAsync(run.Id, ProposedStates.Pending(), LimitedServer.Renewing);

        var slot = (await server.SlotsAsync(server.DeploymentLimit())).ShouldHaveSingleItem();
        slot.Expires.ShouldNotBeNull().ShouldBe(server.Time.GetUtcNow() + Grace, TimeSpan.FromMilliseconds(1));
        (await server.LeaseAsync(run.Id)).ShouldNotBeNull().Expires.ShouldBe(slot.Expires);
    }

    /// <summary>What Prefect's tests of cancellations and of completed runs say of the slot.</summary>
    [Theory]
    [InlineData("Pending Running Completed", false)]
    [InlineData("Pending Running Cancelling Cancelled", false)]
    [InlineData("Pending Cancelling Cancelled", false)]
    [InlineData("Pending Cancelled", true)]
    [InlineData("Pending Running Cancelled", true)]
    [InlineData("Pending Running Failed", true)]
    [InlineData("Pending Running Cancelling Crashed", true)]
    [InlineData("Pending Running Scheduled", true)]
    public async Task States_OfARunWithASlot_GiveItBackWithTheLast(string states, bool force)
    {
        await using var server = await StartAsync();
        var run = await RemoteAsync(server);
        ProposedState[] proposed = [.. states.Split(' ').Select(type => new ProposedState { Type = Enum.Parse<StateType>(type) })];
        foreach (var state in proposed[..^1])
        {
            (await server.ProposeAsync(run.Id, state, LimitedServer.Renewing)).Status.ShouldBe(SetStateStatus.Accept);
            (await server.SlotsAsync(server.DeploymentLimit())).Count.ShouldBe(1);
        }

        (await server.Gate.SetFlowRunStateAsync(run.Id, proposed[^1], force, LimitedServer.Renewing))!.Status.ShouldBe(
            SetStateStatus.Accept
        );

        (await server.SlotsAsync(server.DeploymentLimit())).ShouldBeEmpty();
        var next = await RemoteAsync(server);
        (await server.ProposeAsync(next.Id, ProposedStates.Pending(), LimitedServer.Renewing)).Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task Forced_OfARunWithoutASlot_LeavesTheOthersSlot()
    {
        await using var server = await StartAsync();
        var holder = await RemoteAsync(server);
        await server.ProposeAsync(holder.Id, ProposedStates.Pending(), LimitedServer.Renewing);
        var other = await RemoteAsync(server);
        await server.Gate.SetFlowRunStateAsync(other.Id, ProposedStates.Running(), force: true);

        await server.Gate.SetFlowRunStateAsync(other.Id, ProposedStates.Cancelled(), force: true);

        (await server.SlotsAsync(server.DeploymentLimit())).ShouldHaveSingleItem().Owner.RunId.ShouldBe(holder.Id);
    }

    [Fact]
    public async Task Pending_OfARunOfThisApp_HoldsTheSlotUntilTheEnd()
    {
        await using var server = await StartAsync();
        var run = await server.ScheduleAsync();

        await server.ProposeAsync(run.Id, ProposedStates.Pending(), LimitedServer.Renewing);

        (await server.SlotsAsync(server.DeploymentLimit())).ShouldHaveSingleItem().Expires.ShouldBeNull();
        server.Time.Advance(TimeSpan.FromHours(1));
        (await server.Get<SlotSweep>().RunAsync()).ShouldBe(0);
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Running(), TransitionOrigin.Orchestrator);
        await server.EndAsync(run.Id);
        (await server.SlotsAsync(server.DeploymentLimit())).ShouldBeEmpty();
    }

    [Fact]
    public async Task Renew_BeforeItsEnd_HoldsTheSlotLonger()
    {
        await using var server = await StartAsync();
        var run = await RemoteAsync(server);
        await server.ProposeAsync(run.Id, ProposedStates.Pending(), LimitedServer.Renewing);
        var lease = (await server.LeaseAsync(run.Id))!.Id;

        for (var i = 0; i < 5; i++)
        {
            server.Time.Advance(Grace - TimeSpan.FromSeconds(1));
            (await RenewAsync(server, lease)).ShouldBeTrue();
        }

        (await server.ProposeAsync((await RemoteAsync(server)).Id, ProposedStates.Pending(), LimitedServer.Renewing)).State!.Name.ShouldBe(
            StateNames.AwaitingConcurrencySlot
        );
    }

    [Fact]
    public async Task Expired_SlotIsAnothers_AndIsNotBroughtBack()
    {
        await using var server = await StartAsync();
        var late = await RemoteAsync(server);
        var next = await RemoteAsync(server);
        await server.ProposeAsync(late.Id, ProposedStates.Pending(), LimitedServer.Renewing);
        var lease = (await server.LeaseAsync(late.Id))!.Id;
        server.Time.Advance(Grace);

        (await RenewAsync(server, lease)).ShouldBeFalse();
        (await server.ProposeAsync(next.Id, ProposedStates.Pending(), LimitedServer.Renewing)).Status.ShouldBe(SetStateStatus.Accept);

        (await RenewAsync(server, lease)).ShouldBeFalse();
        (await server.SlotsAsync(server.DeploymentLimit())).ShouldHaveSingleItem().Owner.RunId.ShouldBe(next.Id);
        (await server.Store.CountAsync(ConcurrencyKeys.Leases)).ShouldBe(1);
        var answer = await server.ProposeAsync(late.Id, ProposedStates.Running(), LimitedServer.Renewing);
        answer.State!.Type.ShouldBe(StateType.Cancelled);
        answer.Details.ShouldBeOfType<StateRejectDetails>().Reason.ShouldBe("Deployment concurrency limit reached after lease expiry.");
    }

    [Fact]
    public async Task Running_SlotLostButFree_TakesAnother()
    {
        await using var server = await StartAsync();
        var run = await RemoteAsync(server);
        await server.ProposeAsync(run.Id, ProposedStates.Pending(), LimitedServer.Renewing);
        var lost = (await server.LeaseAsync(run.Id))!.Id;
        server.Time.Advance(Grace);

        var answer = await server.ProposeAsync(run.Id, ProposedStates.Running(), LimitedServer.Renewing);

        answer.Status.ShouldBe(SetStateStatus.Accept);
        var held = (await server.LeaseAsync(run.Id)).ShouldNotBeNull();
        held.Id.ShouldNotBe(lost);
        (await server.SlotsAsync(server.DeploymentLimit())).ShouldHaveSingleItem().LeaseId.ShouldBe(held.Id);
    }

    [Fact]
    public async Task Running_ByARenewingClient_RenewsTheLease()
    {
        await using var server = await StartAsync();
        var run = await RemoteAsync(server);
        await server.ProposeAsync(run.Id, ProposedStates.Pending(), LimitedServer.Renewing);
        server.Time.Advance(TimeSpan.FromMinutes(4));

        await server.ProposeAsync(run.Id, ProposedStates.Running(), LimitedServer.Renewing);

        var slot = (await server.SlotsAsync(server.DeploymentLimit())).ShouldHaveSingleItem();
        slot.Expires.ShouldNotBeNull().ShouldBe(server.Time.GetUtcNow() + Grace, TimeSpan.FromMilliseconds(1));
        slot.LeaseId.ShouldBe((await server.LeaseAsync(run.Id))!.Id);
    }

    [Fact]
    public async Task Running_LeaseTakenAwayMeanwhile_IsJudgedAgain()
    {
        await using var server = await StartAsync();
        var run = await RemoteAsync(server);
        await server.ProposeAsync(run.Id, ProposedStates.Pending(), LimitedServer.Renewing);
        server.Store.Once(
            ConcurrencyKeys.Limits,
            () => server.Limits().Book.ClearAsync(server.DeploymentLimit(), [], CancellationToken.None)
        );

        var answer = await server.ProposeAsync(run.Id, ProposedStates.Running(), LimitedServer.Renewing);

        answer.Status.ShouldBe(SetStateStatus.Accept);
        (await server.SlotsAsync(server.DeploymentLimit())).ShouldHaveSingleItem().LeaseId.ShouldBe((await server.LeaseAsync(run.Id))!.Id);
    }

    [Fact]
    public async Task Running_ByAnOldClient_HoldsTheSlotUntilTheEnd()
    {
        await using var server = await StartAsync();
        var old = ClientVersion.Parse("3.4.10")!;
        var run = await RemoteAsync(server);
        await server.ProposeAsync(run.Id, ProposedStates.Pending(), old);

        await server.ProposeAsync(run.Id, ProposedStates.Running(), old);

        (await server.SlotsAsync(server.DeploymentLimit())).ShouldHaveSingleItem().Expires.ShouldBeNull();
        (await server.Store.CountAsync(ConcurrencyKeys.Leases)).ShouldBe(0);
        server.Time.Advance(TimeSpan.FromDays(1));
        (await server.Get<SlotSweep>().RunAsync()).ShouldBe(0);
        await server.ProposeAsync(run.Id, ProposedStates.Completed(), old);
        (await server.SlotsAsync(server.DeploymentLimit())).ShouldBeEmpty();
    }

    [Fact]
    public async Task Running_OldClientAfterItsLeaseExpired_GoesOnWithoutSlot()
    {
        await using var server = await StartAsync();
        var run = await RemoteAsync(server);
        await server.ProposeAsync(run.Id, ProposedStates.Pending(), null);
        server.Time.Advance(Grace);

        (await server.ProposeAsync(run.Id, ProposedStates.Running(), null)).Status.ShouldBe(SetStateStatus.Accept);

        (await server.LeaseAsync(run.Id)).ShouldBeNull();
    }

    [Fact]
    public async Task Claim_HundredsExpired_RemovesThemAndTakesASlot()
    {
        await using var server = await StartAsync();
        await server.LimitDeploymentAsync(250);
        for (var i = 0; i < 250; i++)
        {
            await server.ProposeAsync((await RemoteAsync(server)).Id, ProposedStates.Pending(), LimitedServer.Renewing);
        }

        server.Time.Advance(Grace);
        var run = await RemoteAsync(server);
        (await server.ProposeAsync(run.Id, ProposedStates.Pending(), LimitedServer.Renewing)).Status.ShouldBe(SetStateStatus.Accept);

        (await server.SlotsAsync(server.DeploymentLimit())).ShouldHaveSingleItem().Owner.RunId.ShouldBe(run.Id);
        (await server.Store.CountAsync(ConcurrencyKeys.Leases)).ShouldBe(1);
    }

    private static async Task<TestServer> StartAsync()
    {
        var server = await TestServer.StartAsync();
        await server.LimitDeploymentAsync(1);
        return server;
    }

    /// <summary>A run of the limited deployment that a client executes.</summary>
    private static async Task<FlowRun> RemoteAsync(TestServer server) =>
        (
            await server.Runs.CreateAsync(
                new FlowRunCreate
                {
                    FlowId = server.Remote.Id,
                    DeploymentId = server.Registered.Id,
                    State = ProposedStates.Scheduled(),
                }
            )
        ).Run;

    private static Task<bool> RenewAsync(TestServer server, Guid lease) =>
        server.Limits().Book.TryRenewAsync(lease, server.Time.GetUtcNow() + Grace, CancellationToken.None);
}
