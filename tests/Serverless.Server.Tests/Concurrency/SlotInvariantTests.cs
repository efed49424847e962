using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Concurrency;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Tests.Concurrency;

/// <summary>Whatever is proposed at the same time, and wherever the store fails: no slot has two owners, and none is lost.</summary>
public sealed class SlotInvariantTests
{
    private const int Limit = 2;
    private const int Runs = 6;
    private const int Steps = 60;

    [Fact]
    public async Task AnySteps_SlotsTakenAreNeverLessThanHeld_AndNoMoreThanThereAre()
    {
        for (var seed = 0; seed < 12; seed++)
        {
            await using var server = await TestServer.StartAsync();
            await server.LimitDeploymentAsync(Limit);
            List<Guid> runs = [];
            for (var i = 0; i < Runs; i++)
            {
                runs.Add((await server.ScheduleAsync()).Id);
            }

            Random random = new(seed);
            for (var step = 0; step < Steps; step++)
            {
                if (random.Next(8) == 0)
                {
                    FailOnce(server, random.Next(2) == 0 ? RunKeys.Runs : ConcurrencyKeys.Limits, isApplied: random.Next(2) == 0);
                }

                var together = random.Next(1, 4);
                await Task.WhenAll(
                    Enumerable.Range(0, together).Select(_ => Act(server, runs[random.Next(Runs)], random.Next(10))).ToList()
                );
                await VerifyAsync(server, runs, $"seed {seed}, step {step}");
            }

            (server.Store.BeforeCommit, server.Store.AfterCommit) = (null, null);
            server.Time.Advance(SlotSweep.MinimumAge);
            await server.Get<SlotSweep>().RunAsync();
            (var held, var taken) = await VerifyAsync(server, runs, $"seed {seed}, at the end");
            taken.ShouldBe(held, $"seed {seed}");
        }
    }

    /// <summary>
    /// Two deployments share two limits, and change between them at any time: each run holds a slot of the limit that it took it from, and
    /// gives it back there.
    /// </summary>
    [Fact]
    public async Task AnySteps_DeploymentsThatChangeTheirLimit_HoldWhatTheyTook()
    {
        for (var seed = 0; seed < 6; seed++)
        {
            await using var server = await TestServer.StartAsync();
            Guid[] limits = [await server.CreateLimitAsync("one", Limit), await server.CreateLimitAsync("two", Limit)];
            Deployment[] deployments = [server.Registered, await server.DeployAsync("second")];
            List<Guid> runs = [];
            for (var i = 0; i < Runs; i++)
            {
                await server.ShareAsync(deployments[i % 2], limits[i % 2]);
                runs.Add((await server.ScheduleAsync(deployments[i % 2])).Id);
            }

            Random random = new(seed);
            for (var step = 0; step < Steps; step++)
            {
                if (random.Next(8) == 0)
                {
                    FailOnce(
                        server,
                        random.Next(3) switch
                        {
                            0 => RunKeys.Runs,
                            1 => ConcurrencyKeys.Limits,
                            _ => ConcurrencyKeys.Waits,
                        },
                        isApplied: random.Next(2) == 0
                    );
                }

                List<Task> acts = [];
                for (var together = random.Next(1, 4); together > 0; together--)
                {
                    var deployment = deployments[random.Next(2)];
                    var limit = limits[random.Next(2)];
                    acts.Add(
                        random.Next(5) == 0
                            ? Act(() => server.ShareAsync(deployment, limit))
                            : Act(server, runs[random.Next(Runs)], random.Next(10))
                    );
                }

                await Task.WhenAll(acts);
                await VerifyAsync(server, runs, $"seed {seed}, step {step}", limits);
            }

            (server.Store.BeforeCommit, server.Store.AfterCommit) = (null, null);
            server.Time.Advance(SlotSweep.MinimumAge);
            await server.Get<SlotSweep>().RunAsync();
            (var held, var taken) = await VerifyAsync(server, runs, $"seed {seed}, at the end", limits);
            taken.ShouldBe(held, $"seed {seed}");
        }
    }

    private static Func<Task> ActionOf(TestServer server, Guid run, int kind) =>
        kind switch
        {
            < 4 => () => server.BeginAsync(run),
            4 or 5 => () => server.Gate.ProposeFlowRunStateAsync(run, ProposedStates.Completed(), TransitionOrigin.Orchestrator),
            6 => () => server.Gate.ProposeFlowRunStateAsync(run, ProposedStates.Scheduled(), TransitionOrigin.Client, force: true),
            7 => () => server.Get<FlowRunControl>().CancelAsync(run),
            8 => () => server.Get<SlotSweep>().RunAsync(),
            _ => () =>
            {
                server.Time.Advance(TimeSpan.FromSeconds(40));
                return Task.CompletedTask;
            },
        };

    private static Task Act(TestServer server, Guid run, int kind) => Act(ActionOf(server, run, kind));

    private static Task Act(Func<Task> action) =>
        Task.Run(async () =>
        {
            try
            {
                await action();
            }
            catch (RowStoreUnavailableException)
            {
                // What a crash leaves: whether the commit was applied, nobody has heard.
            }
        });

    private static void FailOnce(TestServer server, string table, bool isApplied)
    {
        var left = 1;
        void Fail(RowCommit commit)
        {
            if (commit.Operations[0].Address.Table == table && Interlocked.Decrement(ref left) == 0)
            {
                throw new RowStoreUnavailableException("away");
            }
        }

        if (isApplied)
        {
            server.Store.AfterCommit = Fail;
        }
        else
        {
            server.Store.BeforeCommit = commit =>
            {
                Fail(commit);
                return Task.CompletedTask;
            };
        }
    }

    /// <summary>How many slots are held by runs, and how many are taken that are not kept for a run that waits.</summary>
    private static async Task<(int Held, int Taken)> VerifyAsync(
        TestServer server,
        IReadOnlyList<Guid> runs,
        string when,
        params Guid[] limits
    )
    {
        List<(Guid Limit, Guid Lease)> held = [];
        List<SlotOwner> waiting = [];
        foreach (var id in runs)
        {
            var stored = (await server.Runs.ReadAsync(id)).ShouldNotBeNull().Stored;
            var isActive = stored.Run.StateType is StateType.Pending or StateType.Running or StateType.Cancelling;
            (stored.Lease is not null).ShouldBe(isActive, $"{when}: {stored.Run.StateName}");
            if (stored.Run.StateName == StateNames.AwaitingConcurrencySlot)
            {
                waiting.Add(new SlotOwner(id));
            }

            if (stored.Lease is { } lease)
            {
                held.Add((lease.LimitIds.ShouldHaveSingleItem(), lease.Id));
            }
        }

        List<(Guid Limit, Guid Lease)> taken = [];
        foreach (var limit in limits.DefaultIfEmpty(server.DeploymentLimit()))
        {
            var slots = await server.SlotsAsync(limit);
            slots.Count.ShouldBeLessThanOrEqualTo(Limit, when);
            taken.AddRange(slots.Where(slot => !waiting.Any(slot.IsKeptFor)).Select(slot => (limit, slot.LeaseId)));
        }

        held.ShouldBeSubsetOf(taken, when);
        return (held.Count, taken.Count);
    }
}
