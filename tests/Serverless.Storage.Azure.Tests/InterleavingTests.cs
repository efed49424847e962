using System.Collections.Concurrent;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Serverless.Storage.Azure.Tests.Fixtures;
using Serverless.Storage.Tests.Contract;
using Serverless.Testing;

namespace Serverless.Storage.Azure.Tests;

/// <summary>
/// Two processes change the same rows, sweep and die, their requests in random order: no change is lost or made twice, every
/// change's derived rows are there in the end, and no reader ever sees one that is ahead of its primary row.
/// </summary>
[Collection(nameof(AzuriteTests))]
public sealed class InterleavingTests(AzuriteFixture azurite)
{
    private const int Items = 2;

    [StoreFact]
    public void TwoProcesses_AnyInterleavingAndCrashes_LoseNothing() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20), Prop.ForAll(CrashPhase.Histories, RunAsync));

    private async Task RunAsync(CrashPhase[] history)
    {
        var prefix = AzuriteFixture.NewPrefix();
        ManualTimeProvider clock = new();
        ConcurrentDictionary<(int Item, int Version), bool> acknowledged = new();
        await using var reader = await azurite.OpenAsync(prefix, clock);
        for (var item = 0; item < Items; item++)
        {
            (await reader.CommitAsync(new RowCommit().Add(RowOperation.Insert(Primary(item), Version(0))))).Succeeded.ShouldBeTrue();
        }

        List<(AzureTableRowStore Store, FaultHandler Faults)> started = [];
        try
        {
            (AzureTableRowStore Store, FaultHandler Faults)[] alive =
            [
                await StartAsync(prefix, clock, started),
                await StartAsync(prefix, clock, started),
            ];
            foreach (var phase in history)
            {
                await using TurnTaker turns = new(phase.Seed);
                for (var i = 0; i < alive.Length; i++)
                {
                    alive[i].Faults.Turns = turns;
                    alive[i].Faults.OnRequest = phase.Crash.Process == i ? DieAfter(phase.Crash.Writes) : null;
                }

                await Task.WhenAll(
                    RunAsync(alive[0].Store, phase.Steps[0], acknowledged),
                    RunAsync(alive[1].Store, phase.Steps[1], acknowledged),
                    CheckReadersAsync(reader),
                    CheckReadersAsync(reader)
                );
                foreach ((_, var faults) in alive)
                {
                    faults.Turns = null;
                }

                if (phase.Crash.Process < alive.Length)
                {
                    alive[phase.Crash.Process].Faults.OnRequest = _ => Fault.NeverSent;
                    alive[phase.Crash.Process] = await StartAsync(prefix, clock, started);
                }

                clock.Advance(TimeSpan.FromSeconds(phase.Pause));
                await Task.WhenAll(alive.Select(process => process.Store.IdleAsync()));
                await CheckReadersAsync(reader);
            }

            await CheckEndAsync(prefix, clock, reader, alive, acknowledged);
        }
        finally
        {
            foreach ((var store, var faults) in started)
            {
                faults.OnRequest = _ => Fault.NeverSent;
                await store.DisposeAsync();
                faults.Dispose();
            }
        }
    }

    private async Task<(AzureTableRowStore Store, FaultHandler Faults)> StartAsync(
        string prefix,
        ManualTimeProvider clock,
        List<(AzureTableRowStore Store, FaultHandler Faults)> started
    )
    {
        FaultHandler faults = new();
        started.Add((await azurite.OpenAsync(prefix, clock, faults), faults));
        return started[^1];
    }

    private static Func<HttpRequestMessage, Fault> DieAfter(int writes)
    {
        var died = false;
        return request =>
        {
            died |= request.Method != HttpMethod.Get && Interlocked.Decrement(ref writes) < 0;
            return died ? Fault.NeverSent : Fault.None;
        };
    }

    private static async Task RunAsync(
        AzureTableRowStore store,
        int[] steps,
        ConcurrentDictionary<(int Item, int Version), bool> acknowledged
    )
    {
        try
        {
            foreach (var step in steps)
            {
                if (step < 0)
                {
                    await store.SweepAsync();
                    continue;
                }

                var row = (await store.GetAsync(Primary(step))).ShouldNotBeNull();
                var version = row.Properties.Get<int>("version");
                if ((await store.CommitAsync(Change(step, version, row.ETag))).Succeeded)
                {
                    acknowledged.TryAdd((step, version + 1), true).ShouldBeTrue("two processes made the same change");
                }
            }
        }
        catch (RowStoreUnavailableException)
        {
            // It is dead.
        }
    }

    private static RowCommit Change(int item, int version, string etag) =>
        new RowCommit()
            .Add(RowOperation.Replace(Primary(item), Version(version + 1), etag))
            .AddDerived(RowOperation.Delete(Listed(item, version)))
            .AddDerived(RowOperation.Upsert(Listed(item, version + 1), Version(version + 1)))
            .AddDerived(RowOperation.Upsert(new("outbox", "outbox", $"{item}|{version + 1:d3}"), Version(version + 1)));

    private static RowAddress Primary(int item) => new("things", $"item{item}", "r");

    private static RowAddress Listed(int item, int version) => new("lists", $"list{version % 3}", $"{item}|{version:d3}");

    private static RowProperties Version(int version) =>
        new() { { "version", version }, { "bytes", version % 4 == 1 ? new byte[70_000] : null } };

    private static async Task CheckReadersAsync(AzureTableRowStore store)
    {
        foreach (var table in new[] { "lists", "outbox" })
        {
            var derived = (await store.QueryAsync(RowRange.WholeTable(table))).Rows;
            var versions = await VersionsAsync(store);
            foreach (var row in derived)
            {
                (var item, var version) = Parse(row);
                version.ShouldBeLessThanOrEqualTo(versions[item]);
            }
        }
    }

    private static async Task<int[]> VersionsAsync(AzureTableRowStore store)
    {
        var versions = new int[Items];
        for (var item = 0; item < Items; item++)
        {
            versions[item] = (await store.GetAsync(Primary(item))).ShouldNotBeNull().Properties.Get<int>("version");
        }

        return versions;
    }

    private static (int Item, int Version) Parse(Row row) =>
        (row.RowKey[0] - '0', int.Parse(row.RowKey.AsSpan(2), CultureInfo.InvariantCulture));

    private async Task CheckEndAsync(
        string prefix,
        ManualTimeProvider clock,
        AzureTableRowStore reader,
        (AzureTableRowStore Store, FaultHandler Faults)[] alive,
        ConcurrentDictionary<(int Item, int Version), bool> acknowledged
    )
    {
        foreach ((_, var faults) in alive)
        {
            faults.OnRequest = null;
        }

        clock.Advance(TimeSpan.FromMinutes(3));
        await Task.WhenAll(alive.Select(process => process.Store.IdleAsync()));
        await Task.WhenAll(alive.Select(process => process.Store.SweepAsync().AsTask()));
        var versions = await VersionsAsync(reader);
        acknowledged.Keys.ShouldAllBe(change => change.Version <= versions[change.Item]);
        List<(int Item, int Version)> outbox = [.. (await reader.QueryAsync(RowRange.WholeTable("outbox"))).Rows.Select(Parse)];
        outbox.ShouldBe(
            Enumerable.Range(0, Items).SelectMany(item => Enumerable.Range(1, versions[item]).Select(version => (item, version)))
        );

        // Dead rows of overtaken changes may be left; the live one is there.
        for (var item = 0; item < Items; item++)
        {
            ((await reader.GetAsync(Listed(item, versions[item]))) is not null).ShouldBe(versions[item] > 0);
        }

        StoreInspection inspection = new(azurite.Options(prefix));
        (await inspection.CountSystemRowsAsync("things")).ShouldBe(0);
        (await inspection.CountRegistrationsAsync()).ShouldBe(0);
    }
}
