using FsCheck;
using FsCheck.Fluent;
using Serverless.Core.Models;

namespace Serverless.Server.Tests.Properties;

/// <summary>Slots of concurrency limits, whatever is asked for at once, with crashes between any two commits.</summary>
public sealed class SlotPropertyTests
{
    private const int Histories = 300;

    private static readonly CommandKind[] Kinds =
    [
        CommandKind.Submit,
        CommandKind.Submit,
        CommandKind.Submit,
        CommandKind.Start,
        CommandKind.Start,
        CommandKind.Start,
        CommandKind.Begin,
        CommandKind.Begin,
        CommandKind.BeginTask,
        CommandKind.BeginTask,
        CommandKind.BeginTask,
        CommandKind.EndTask,
        CommandKind.FailTask,
        CommandKind.Complete,
        CommandKind.Fail,
        CommandKind.Pause,
        CommandKind.Suspend,
        CommandKind.Resume,
        CommandKind.Cancel,
        CommandKind.Cancelled,
        CommandKind.Reschedule,
        CommandKind.ForceRunning,
        CommandKind.ForcePending,
        CommandKind.Delete,
        CommandKind.Purge,
        CommandKind.Sweep,
        CommandKind.Sweep,
        CommandKind.Sweep,
        CommandKind.Sweep,
    ];

    [Fact]
    public void AnyRequestsAtOnceAndCrashes_NoSlotHasTwoOwnersAndNoneIsLost() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Histories),
            Prop.ForAll(
                ServerWave.HistoriesOf(Kinds),
                Gen.Choose(1, 3).ToArbitrary(),
                Gen.Elements(Enum.GetValues<ConcurrencyLimitStrategy>()).ToArbitrary(),
                (waves, limit, strategy) => PlayAsync(waves, limit, strategy)
            )
        );

    private static Task PlayAsync(ServerWave[] waves, int limit, ConcurrencyLimitStrategy strategy) =>
        Task.Run(async () =>
        {
            var world = await ServerWorld.CreateAsync(limit, strategy);
            await world.PlayAsync(waves);

            await world.SettleAsync();
            world.Check.OfSlots().ShouldBeNull();
            world.Check.OfSettledSlots().ShouldBeNull();

            await world.EndAllAsync();
            world.Check.OfHistories(world.Runs).ShouldBeNull();
            world.Check.TakenSlots.ShouldBe(0);
        });
}
