using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Concurrency;

/// <summary>Two deployments that share a limit of one slot, and another such limit.</summary>
public abstract class SharedLimits : IAsyncLifetime
{
    private protected TestServer Server { get; private set; } = null!;

    private protected Guid Shared { get; private set; }

    private protected Guid Other { get; private set; }

    private protected Deployment First { get; private set; } = null!;

    private protected Deployment Second { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await TestServer.StartAsync();
        Shared = await Server.CreateLimitAsync("database", 1);
        Other = await Server.CreateLimitAsync("other", 1);
        First = Server.Registered;
        Second = await Server.DeployAsync("second");
        await Server.ShareAsync(First, Shared);
        await Server.ShareAsync(Second, Shared);
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    private protected async Task<FlowRun> RunningAsync(Deployment deployment)
    {
        var run = await Server.ScheduleAsync(deployment);
        (await Server.BeginAsync(run.Id)).Status.ShouldBe(SetStateStatus.Accept);
        return run;
    }

    private protected async Task<FlowRun> WaitingAsync(Deployment deployment)
    {
        Server.Time.Advance(TimeSpan.FromMilliseconds(1));
        var run = await Server.ScheduleAsync(deployment);
        (await Server.BeginAsync(run.Id)).State!.Name.ShouldBe(StateNames.AwaitingConcurrencySlot);
        (await Server.BeginAsync(run.Id)).Status.ShouldBe(SetStateStatus.Wait);
        return run;
    }

    private protected int ToldOf(FlowRun run) =>
        Server.Announcer.Entries.Count(entry => entry.Kind == OutboxKind.SlotGranted && entry.FlowRunId == run.Id);

    private protected async Task<IReadOnlyList<Guid>> TakenByAsync(Guid limitId) =>
        [.. (await Server.SlotsAsync(limitId)).Select(slot => slot.Owner.RunId)];
}
