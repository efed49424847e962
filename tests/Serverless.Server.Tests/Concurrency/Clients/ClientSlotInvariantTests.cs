using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Concurrency;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Tests.Concurrency;

/// <summary>
/// Runs and clients take slots of the same limits, by two instances of the app, and the store fails now and then: no more slots are taken
/// than there are, nobody loses one that it was given, and none is lost for ever.
/// </summary>
public sealed class ClientSlotInvariantTests
{
    private const int Limit = 3;
    private const int Steps = 60;

    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(2);
    private static readonly string[] Names = ["one", "two"];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public async Task AnySteps_OfRunsAndClients_NeverExceedALimitNorLoseASlot(int seed)
    {
        await using var server = await TestServer.StartAsync();
        Guid[] limits = [await server.CreateLimitAsync("one", Limit), await server.CreateLimitAsync("two", Limit)];
        await server.ShareAsync(server.Registered, limits[0]);
        List<Guid> runs = [];
        for (var i = 0; i < 4; i++)
        {
            runs.Add((await server.ScheduleAsync()).Id);
        }

        // The other instance has the same store, and nothing else in common.
        await using var other = await TestServer.StartAsync(services =>
            services.AddSingleton<IRowStore>(server.Store).AddSingleton<TimeProvider>(server.Time)
        );
        ClientSlots[] instances = [server.Limits().Clients, other.Limits().Clients];
        ConcurrentDictionary<Guid, Held> held = new();
        Random random = new(seed);
        for (var step = 0; step < Steps; step++)
        {
            if (random.Next(6) == 0)
            {
                FailOnce(server, isApplied: random.Next(2) == 0);
            }

            List<Task> acts = [];
            for (var together = random.Next(1, 5); together > 0; together--)
            {
                acts.Add(Act(server, instances[random.Next(2)], runs[random.Next(runs.Count)], held, random));
            }

            await Task.WhenAll(acts);
            if (random.Next(4) == 0)
            {
                server.Time.Advance(TimeSpan.FromSeconds(random.Next(70)));
            }

            await VerifyAsync(server, limits, held, $"seed {seed}, step {step}");
        }

        (server.Store.BeforeCommit, server.Store.AfterCommit) = (null, null);
        foreach (var run in runs)
        {
            await server.Gate.ProposeFlowRunStateAsync(run, ProposedStates.Cancelled(), TransitionOrigin.Client, force: true);
        }

        server.Time.Advance(ClientSlots.LongestHold);
        await server.Get<SlotSweep>().RunAsync();
        foreach (var limit in limits)
        {
            (await server.SlotsAsync(limit)).ShouldBeEmpty($"seed {seed}, at the end");
        }

        (await server.Store.CountAsync(ConcurrencyKeys.Leases)).ShouldBe(0);
    }

    private static Task Act(TestServer server, ClientSlots clients, Guid run, ConcurrentDictionary<Guid, Held> held, Random random)
    {
        var kind = random.Next(12);
        var slots = random.Next(1, 3);
        string[] names = random.Next(3) switch
        {
            0 => Names,
            1 => [Names[0]],
            _ => [Names[1]],
        };
        var mine = held.IsEmpty ? Guid.NewGuid() : held.Keys.ElementAt(random.Next(held.Count));
        return Task.Run(async () =>
        {
            try
            {
                switch (kind)
                {
                    case < 4:
                        var now = server.Time.GetUtcNow();
                        var taken = await clients.TakeAsync(names, slots, Duration, null, false, CancellationToken.None);
                        if (taken is { RetryAfter: null, LeaseId: { } lease })
                        {
                            held[lease] = new Held([.. taken.Limits.Select(limit => limit.Id)], slots, now + Duration);
                        }

                        break;
                    case 4:
                        await clients.TakeAsync(names, slots, null, null, false, CancellationToken.None);
                        break;
                    case 5:
                        await clients.ReleaseAsync(names, slots, TimeSpan.FromSeconds(1), CancellationToken.None);
                        break;
                    case 6 or 7 when held.TryRemove(mine, out _):
                        await clients.ReleaseLeaseAsync(mine, CancellationToken.None);
                        break;
                    case 8 when held.TryGetValue(mine, out var before):
                        var end = server.Time.GetUtcNow() + Duration;
                        if (await clients.TryRenewAsync(mine, end, CancellationToken.None))
                        {
                            held.TryUpdate(mine, before with { Until = end }, before);
                        }

                        break;
                    case 9:
                        await server.BeginAsync(run);
                        break;
                    case 10:
                        await server.Gate.ProposeFlowRunStateAsync(run, ProposedStates.Completed(), TransitionOrigin.Orchestrator);
                        await server.Gate.ProposeFlowRunStateAsync(run, ProposedStates.Scheduled(), TransitionOrigin.Client, force: true);
                        break;
                    default:
                        await server.Get<SlotSweep>().RunAsync();
                        break;
                }
            }
            catch (RowStoreUnavailableException)
            {
                // What a crash leaves: whether the commit was applied, nobody has heard.
            }
        });
    }

    private static void FailOnce(TestServer server, bool isApplied)
    {
        var left = 1;
        void Fail(RowCommit commit)
        {
            if (
                commit.Operations[0].Address.Table is ConcurrencyKeys.Limits or ConcurrencyKeys.Leases or ConcurrencyKeys.Waits
                && Interlocked.Decrement(ref left) == 0
            )
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
    }

    private static async Task VerifyAsync(TestServer server, IReadOnlyList<Guid> limits, ConcurrentDictionary<Guid, Held> held, string when)
    {
        var now = server.Time.GetUtcNow();
        foreach (var limitId in limits)
        {
            var limit = (await server.Limits().GetAsync(limitId, CancellationToken.None)).ShouldNotBeNull();
            limit.ActiveSlots(now).ShouldBeLessThanOrEqualTo(Limit, when);
            foreach ((var lease, var has) in held.Where(each => each.Value.Until > now && each.Value.Limits.Contains(limitId)))
            {
                limit.Slots.ShouldContain(slot => slot.LeaseId == lease && slot.IsLive(now) && slot.Count == has.Slots, when);
            }
        }
    }

    /// <summary>What a client was told that it has.</summary>
    private sealed record Held(IReadOnlyList<Guid> Limits, int Slots, DateTimeOffset Until);
}
