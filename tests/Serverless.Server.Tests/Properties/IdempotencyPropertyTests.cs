using FsCheck;
using FsCheck.Fluent;
using Serverless.Core.Models;

namespace Serverless.Server.Tests.Properties;

/// <summary>Requests for runs that carry idempotency keys, many at once, with crashes between any two commits.</summary>
public sealed class IdempotencyPropertyTests
{
    private const int Histories = 100;

    [Fact]
    public void AnyRequestsAtOnceAndCrashes_OneKey_IsOneRun() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Histories),
            Prop.ForAll(
                ServerWave.HistoriesOf(CommandKind.Create),
                waves =>
                    PlayAsync(
                        waves,
                        world =>
                        {
                            foreach (var created in world.Created.GroupBy(created => created.Key))
                            {
                                created.Select(one => one.Run).Distinct().ShouldHaveSingleItem();
                            }
                        }
                    )
            )
        );

    [Fact]
    public void AnyRequestsAndDeletionsAtOnceAndCrashes_OneKey_IsAtMostOneRun() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Histories),
            Prop.ForAll(
                ServerWave.HistoriesOf(CommandKind.Create, CommandKind.Create, CommandKind.DeleteCreated),
                waves =>
                    PlayAsync(
                        waves,
                        world =>
                            world.Check.Runs.Where(run => run.IdempotencyKey is not null).Select(run => run.IdempotencyKey).ShouldBeUnique()
                    )
            )
        );

    private static Task PlayAsync(ServerWave[] waves, Action<ServerWorld> look) =>
        Task.Run(async () =>
        {
            var world = await ServerWorld.CreateAsync(limit: 1, ConcurrencyLimitStrategy.Enqueue);
            await world.PlayAsync(waves);
            look(world);

            // Asked for again, a run is there, and nothing is written.
            foreach (var key in world.Created.Select(created => created.Key).Distinct().ToList())
            {
                var first = await world.CreateAgainAsync(key);
                var before = world.Check.Snapshot;
                (await world.CreateAgainAsync(key)).ShouldBe(first);
                world.Check.Snapshot.ShouldBe(before);
            }

            look(world);
            world.Check.OfHistories(world.Check.Runs.Select(run => run.Id).ToList()).ShouldBeNull();
        });
}
