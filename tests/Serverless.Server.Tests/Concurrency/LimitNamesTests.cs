using System.Net;
using System.Text.Json.Nodes;
using Serverless.Server.Concurrency;
using Serverless.Server.Queries;
using Serverless.Storage;

namespace Serverless.Server.Tests.Concurrency;

/// <summary>Limits get other names, and never two the same one.</summary>
public sealed class LimitNamesTests
{
    private static readonly string[] Names = ["a", "b", "c"];

    public static TheoryData<int, bool, bool> Crashes()
    {
        TheoryData<int, bool, bool> data = [];
        for (var index = 0; index < 12; index++)
        {
            data.Add(index / 4, index % 2 == 0, index / 2 % 2 == 0);
        }

        return data;
    }

    public static TheoryData<int, string> Others()
    {
        TheoryData<int, string> data = [];
        for (var at = 0; at < 3; at++)
        {
            foreach (var other in new[] { "rename", "create", "delete", "back" })
            {
                data.Add(at, other);
            }
        }

        return data;
    }

    /// <summary>The process dies at each of the commits, before or after it is applied.</summary>
    [Theory]
    [MemberData(nameof(Crashes))]
    public async Task Rename_Crash_LeavesOneNameAndTheOtherFree(int at, bool isApplied, bool isElsewhere)
    {
        await using var server = await TestServer.StartAsync();
        var limits = server.Limits();
        var limit = await limits.CreateAsync("a", new LimitChanges(1), CancellationToken.None);
        if (isElsewhere)
        {
            await limits.UpdateAsync(limit.Id, new LimitChanges(Name: "x"), CancellationToken.None);
            limit = await limits.CreateAsync("a", new LimitChanges(1), CancellationToken.None);
            limit.Id.ShouldNotBe(ConcurrencyKeys.IdOf("a"));
        }

        FailAt(server, at, isApplied);
        await Should.ThrowAsync<RowStoreUnavailableException>(() =>
            limits.UpdateAsync(limit.Id, new LimitChanges(Name: "b"), CancellationToken.None)
        );
        await VerifyAsync(server);

        var name = (await limits.GetAsync(limit.Id, CancellationToken.None)).ShouldNotBeNull().Name;
        name.ShouldBe(at > 1 || (at == 1 && isApplied) ? "b" : "a");
        var free = name == "a" ? "b" : "a";
        (await limits.CreateAsync(free, new LimitChanges(2), CancellationToken.None)).Name.ShouldBe(free);
        await Should.ThrowAsync<RequestConflictException>(() =>
            limits.UpdateAsync(limit.Id, new LimitChanges(Name: free), CancellationToken.None)
        );
        await VerifyAsync(server);
    }

    [Fact]
    public async Task Create_CrashBeforeTheName_IsSweptAway()
    {
        await using var server = await TestServer.StartAsync();
        var limits = server.Limits();
        var limit = await limits.CreateAsync("a", new LimitChanges(1), CancellationToken.None);
        await limits.UpdateAsync(limit.Id, new LimitChanges(Name: "b"), CancellationToken.None);
        FailAt(server, 2, isApplied: false);
        await Should.ThrowAsync<RowStoreUnavailableException>(() => limits.CreateAsync("a", new LimitChanges(1), CancellationToken.None));

        (await limits.ListAsync(new Page(0, 200), tags: false, CancellationToken.None)).Count.ShouldBe(1);
        (await server.Store.CountAsync(ConcurrencyKeys.Limits)).ShouldBe(4);
        await server.Get<SlotSweep>().RunAsync();
        (await server.Store.CountAsync(ConcurrencyKeys.Limits)).ShouldBe(4);
        server.Time.Advance(SlotSweep.NamelessAge + TimeSpan.FromSeconds(1));
        await server.Get<SlotSweep>().RunAsync();
        (await server.Store.CountAsync(ConcurrencyKeys.Limits)).ShouldBe(3);
        await limits.CreateAsync("a", new LimitChanges(1), CancellationToken.None);
        await VerifyAsync(server);
    }

    /// <summary>Before each commit of one request another one runs as a whole.</summary>
    [Theory]
    [MemberData(nameof(Others))]
    public async Task TwoAtOnce_OneGetsTheName(int at, string other)
    {
        await using var server = await TestServer.StartAsync();
        var limits = server.Limits();
        var one = await limits.CreateAsync("a", new LimitChanges(1), CancellationToken.None);
        var two = await limits.CreateAsync("c", new LimitChanges(1), CancellationToken.None);
        var commits = 0;
        var done = false;
        bool? isOther = null;
        server.Store.BeforeCommit = async commit =>
        {
            if (!done && commits++ == at)
            {
                done = true;
                isOther = await TryAsync(() =>
                    other switch
                    {
                        "rename" => limits.UpdateAsync(two.Id, new LimitChanges(Name: "b"), CancellationToken.None),
                        "create" => limits.CreateAsync("b", new LimitChanges(1), CancellationToken.None),
                        "delete" => limits.DeleteAsync(one.Id, CancellationToken.None),
                        _ => limits.UpdateAsync(one.Id, new LimitChanges(Name: "a", Limit: 7), CancellationToken.None),
                    }
                );
            }
        };

        var isRenamed = await TryAsync(() => limits.UpdateAsync(one.Id, new LimitChanges(Name: "b"), CancellationToken.None));

        done.ShouldBeTrue();
        await VerifyAsync(server);
        if (other is "rename" or "create")
        {
            isRenamed.ShouldNotBe(isOther!.Value);
        }

        foreach (var name in Names)
        {
            await limits.EnsureAsync(name, 3, CancellationToken.None);
        }

        await VerifyAsync(server);
    }

    [Fact]
    public async Task AnySteps_NoTwoLimitsHaveOneName_AndEachIsFoundByItsOwn()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            await using var server = await TestServer.StartAsync();
            Random random = new(seed);
            for (var step = 0; step < 25; step++)
            {
                if (random.Next(4) == 0)
                {
                    FailAt(server, random.Next(4), random.Next(2) == 0);
                }

                await Task.WhenAll(
                    Enumerable
                        .Range(0, 3)
                        .Select(_ => (random.Next(4), random.Next(8), Names[random.Next(3)]))
                        .ToList()
                        .Select(act => Task.Run(() => TryAsync(() => ActAsync(server.Limits(), act.Item1, act.Item2, act.Item3))))
                );
                await VerifyAsync(server, $"seed {seed}, step {step}");
            }

            (server.Store.BeforeCommit, server.Store.AfterCommit) = (null, null);
            foreach (var name in Names)
            {
                await server.Limits().EnsureAsync(name, 9, CancellationToken.None);
            }

            await VerifyAsync(server, $"seed {seed}");
            (await NamesAsync(server)).Select(limit => limit.Name).ShouldBe(Names, ignoreOrder: true);
        }
    }

    private static async Task ActAsync(ConcurrencyLimits limits, int kind, int which, string name)
    {
        var all = await limits.ListAsync(new Page(0, 200), tags: false, CancellationToken.None);
        if (all.Count == 0 || kind == 0)
        {
            await limits.CreateAsync(name, new LimitChanges(1), CancellationToken.None);
        }
        else if (kind == 1 && which < 3)
        {
            await limits.DeleteAsync(all[which % all.Count].Id, CancellationToken.None);
        }
        else
        {
            await limits.UpdateAsync(all[which % all.Count].Id, new LimitChanges(Name: name), CancellationToken.None);
        }
    }

    private static async Task<bool> TryAsync(Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (RequestConflictException)
        {
            return false;
        }
        catch (RowStoreUnavailableException)
        {
            return false;
        }
    }

    private static void FailAt(TestServer server, int at, bool isApplied)
    {
        var commits = 0;
        void Fail()
        {
            if (Interlocked.Increment(ref commits) == at + 1)
            {
                throw new RowStoreUnavailableException("The process dies.");
            }
        }

        server.Store.BeforeCommit = isApplied
            ? null
            : _ =>
            {
                Fail();
                return Task.CompletedTask;
            };
        server.Store.AfterCommit = isApplied ? _ => Fail() : null;
    }

    private static async Task<List<StoredLimit>> NamesAsync(TestServer server)
    {
        List<StoredLimit> limits = [];
        await foreach (var limit in new LimitReader(server.Store).AllAsync(CancellationToken.None))
        {
            limits.Add(limit);
        }

        return limits;
    }

    private static async Task VerifyAsync(TestServer server, string? when = null)
    {
        var limits = await NamesAsync(server);
        limits.Select(limit => limit.Name).ShouldBeUnique(when);
        foreach (var limit in limits)
        {
            (await server.Limits().GetAsync(limit.Name, CancellationToken.None))
                .ShouldNotBeNull($"{limit.Name}, {when}")
                .Id.ShouldBe(limit.Id);
        }
    }
}
