using System.Globalization;
using Serverless.Storage.Azure.Tests.Fixtures;
using Serverless.Storage.Tests.Contract;
using Serverless.Testing;

namespace Serverless.Storage.Azure.Tests;

/// <summary>
/// The process dies between any two writes of a commit and of the tidying after it: no reader sees a wrong row, and a sweep
/// of another process completes what was begun.
/// </summary>
[Collection(nameof(AzuriteTests))]
public sealed class CrashTests(AzuriteFixture azurite)
{
    private const int LargeSize = 150_000;

    private static readonly RowAddress Primary = new("things", "p", "r");

    /// <summary>How many partitions derived rows lie in, and whether values are spilled.</summary>
    public static TheoryData<int, bool> Shapes { get; } =
        new()
        {
            { 0, false },
            { 0, true },
            { 1, false },
            { 1, true },
            { 3, false },
            { 3, true },
            { 12, false },
        };

    [StoreTheory]
    [MemberData(nameof(Shapes))]
    public async Task Commit_ProcessDiesAfterAnyWrite_IsWholeOrUntouchedAndCompletedBySweep(int partitions, bool large)
    {
        var writes = 0;
        for (var survived = false; !survived; writes++)
        {
            survived = await RunAsync(partitions, large, writes);
            writes.ShouldBeLessThan(100);
        }

        // Registration, transaction, one for each partition, journal row, registration; more with blobs.
        (writes - 1).ShouldBeGreaterThanOrEqualTo(partitions == 0 ? 1 : partitions + 4);
    }

    [StoreTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Commit_OutcomeUnknownAndProcessLives_IsCompletedBySweep(bool applied)
    {
        var prefix = AzuriteFixture.NewPrefix();
        ManualTimeProvider clock = new();
        using FaultHandler faults = new();
        await using var store = await azurite.OpenAsync(prefix, clock, faults);
        await store.CommitAsync(Version(1, null, 1, large: false));
        clock.Advance(TimeSpan.FromSeconds(10));
        var etag = (await store.GetAsync(Primary))!.ETag;

        // The registration is there, so the next batch is the transaction.
        faults.OnRequest = _ => applied ? Fault.AnswerLost : Fault.NeverSent;
        await Should.ThrowAsync<RowStoreUnavailableException>(async () => await store.CommitAsync(Version(2, etag, 1, large: false)));
        faults.OnRequest = null;
        (await CheckReadersAsync(store, large: false)).ShouldBe(applied ? 2 : 1);

        // Its registration outlives the tidying.
        for (var i = 0; i < 5; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(20));
            await store.IdleAsync();
        }

        clock.Advance(TimeSpan.FromSeconds(30));
        await store.IdleAsync();
        (await store.SweepAsync()).ShouldBe(applied ? 1 : 0);
        (await store.QueryAsync(RowRange.WholeTable("lists"))).Rows.ShouldHaveSingleItem().RowKey.ShouldBe(applied ? "2" : "1");
        StoreInspection inspection = new(azurite.Options(prefix));
        (await inspection.CountSystemRowsAsync("things")).ShouldBe(0);
        (await inspection.CountRegistrationsAsync()).ShouldBe(0);
    }

    [StoreFact]
    public async Task Commit_DerivedRowsPutOffAndProcessDiesLater_IsCompletedBySweep()
    {
        var prefix = AzuriteFixture.NewPrefix();
        ManualTimeProvider clock = new();
        using FaultHandler faults = new();
        var dying = await azurite.OpenAsync(prefix, clock, faults);
        faults.OnRequest = request =>
            request.Content?.ReadAsStringAsync().GetAwaiter().GetResult().Contains($"{prefix}lists", StringComparison.Ordinal) == true
                ? Fault.NeverSent
                : Fault.None;
        (await dying.CommitAsync(Version(1, null, 1, large: false))).Succeeded.ShouldBeTrue();
        for (var i = 0; i < 8; i++)
        {
            // It tries again and again, and keeps the registration although its 20 s are over.
            clock.Advance(TimeSpan.FromSeconds(5));
            await dying.IdleAsync();
        }

        faults.OnRequest = _ => Fault.NeverSent;
        await using var other = await azurite.OpenAsync(prefix, clock);
        (await other.QueryAsync(RowRange.WholeTable("lists"))).Rows.ShouldBeEmpty();
        clock.Advance(TimeSpan.FromMinutes(2));
        (await other.SweepAsync()).ShouldBe(1);
        (await other.QueryAsync(RowRange.WholeTable("lists"))).Rows.ShouldHaveSingleItem();
        await dying.DisposeAsync();
    }

    [StoreFact]
    public async Task Recover_ProcessDiedAfterItsTransaction_CompletesTheCommitAtOnceAndLeavesTheRegistrationToTheSweep()
    {
        var prefix = AzuriteFixture.NewPrefix();
        ManualTimeProvider clock = new();
        using FaultHandler faults = new();
        var dying = await azurite.OpenAsync(prefix, clock, faults);
        faults.OnRequest = request =>
            request.Content?.ReadAsStringAsync().GetAwaiter().GetResult().Contains($"{prefix}lists", StringComparison.Ordinal) == true
                ? Fault.NeverSent
                : Fault.None;
        await dying.CommitAsync(Version(1, null, 1, large: false));
        faults.OnRequest = _ => Fault.NeverSent;
        await using var next = await azurite.OpenAsync(prefix, clock);
        (await next.SweepAsync()).ShouldBe(0);

        (await next.RecoverAsync()).ShouldBe(1);

        (await next.QueryAsync(RowRange.WholeTable("lists"))).Rows.ShouldHaveSingleItem();
        StoreInspection inspection = new(azurite.Options(prefix));
        (await inspection.CountSystemRowsAsync("things")).ShouldBe(0);
        (await inspection.CountRegistrationsAsync()).ShouldBe(1);
        clock.Advance(TimeSpan.FromMinutes(3));
        (await next.SweepAsync()).ShouldBe(0);
        (await inspection.CountRegistrationsAsync()).ShouldBe(0);
        await dying.DisposeAsync();
    }

    [StoreTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Recover_MoreCommitsOfOnePartitionThanAPageHolds_CompletesAll(bool atOnce)
    {
        const int Commits = 120;
        var prefix = AzuriteFixture.NewPrefix();
        ManualTimeProvider clock = new();
        using FaultHandler faults = new();
        var dying = await azurite.OpenAsync(prefix, clock, faults);
        faults.OnRequest = request =>
            request.Content?.ReadAsStringAsync().GetAwaiter().GetResult().Contains($"{prefix}lists", StringComparison.Ordinal) == true
                ? Fault.NeverSent
                : Fault.None;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Commits),
            async (i, _) =>
                await dying.CommitAsync(
                    new RowCommit()
                        .Add(RowOperation.Insert(new("things", "p", $"r{i}"), Properties(1, large: false)))
                        .AddDerived(RowOperation.Upsert(new("lists", $"l{i}", "r"), Properties(1, large: false))),
                    CancellationToken.None
                )
        );
        faults.OnRequest = _ => Fault.NeverSent;
        await using var next = await azurite.OpenAsync(prefix, clock);
        clock.Advance(TimeSpan.FromMinutes(3));

        (atOnce ? await next.RecoverAsync() : await next.SweepAsync()).ShouldBe(Commits);

        (await next.QueryAsync(RowRange.WholeTable("lists"))).Rows.Count.ShouldBe(Commits);
        await dying.DisposeAsync();
    }

    [StoreFact]
    public async Task Commit_SweepHasTakenTheJournalRowThatRides_Succeeds()
    {
        var prefix = AzuriteFixture.NewPrefix();
        ManualTimeProvider clock = new();
        await using var store = await azurite.OpenAsync(prefix, clock);
        var etag = (await store.CommitAsync(Version(1, null, 1, large: false))).ETags[0]!;

        // Of another process, with another opinion of the time.
        await using var early = await azurite.OpenAsync(prefix, new ManualTimeProvider(clock.GetUtcNow() + TimeSpan.FromMinutes(3)));
        (await early.SweepAsync()).ShouldBe(1);

        (await store.CommitAsync(Version(2, etag, 1, large: false))).Succeeded.ShouldBeTrue();
        (await CheckReadersAsync(store, large: false)).ShouldBe(2);
        clock.Advance(TimeSpan.FromSeconds(10));
        await store.IdleAsync();
        (await new StoreInspection(azurite.Options(prefix)).CountSystemRowsAsync("things")).ShouldBe(0);
    }

    /// <summary>Lets the process die after a number of writes; true when it ended before.</summary>
    private async Task<bool> RunAsync(int partitions, bool large, int writes)
    {
        var prefix = AzuriteFixture.NewPrefix();
        ManualTimeProvider clock = new();
        string etag;
        await using (var before = await azurite.OpenAsync(prefix, clock))
        {
            etag = (await before.CommitAsync(Version(1, null, partitions, large))).ETags[0]!;
        }

        clock.Advance(TimeSpan.FromMinutes(5));
        using FaultHandler faults = new();
        var left = writes;
        var died = false;
        CommitResult? answer = null;
        var dying = await azurite.OpenAsync(prefix, new ManualTimeProvider(clock.GetUtcNow()), faults);
        faults.OnRequest = request =>
        {
            died |= request.Method != HttpMethod.Get && Interlocked.Decrement(ref left) < 0;
            return died ? Fault.NeverSent : Fault.None;
        };
        try
        {
            answer = await dying.CommitAsync(Version(2, etag, partitions, large));
        }
        catch (RowStoreUnavailableException)
        {
            died.ShouldBeTrue();
        }

        // In good order it tidies up before it ends; that too may break off anywhere.
        await dying.DisposeAsync();

        await using var other = await azurite.OpenAsync(prefix, clock);
        var version = await CheckReadersAsync(other, large);
        if (answer is not null)
        {
            answer.Succeeded.ShouldBeTrue();
            version.ShouldBe(2);
        }

        // Too early for a sweep: it could be under way.
        (await other.SweepAsync()).ShouldBe(0);
        clock.Advance(TimeSpan.FromMinutes(3));
        var finished = await other.SweepAsync();
        finished.ShouldBeLessThanOrEqualTo(version == 2 && partitions > 0 && died ? 1 : 0);
        (await CheckReadersAsync(other, large)).ShouldBe(version);
        (await other.QueryAsync(RowRange.WholeTable("lists")))
            .Rows.Select(row => (row.PartitionKey, row.RowKey))
            .ShouldBe(Lists(version, partitions), $"after {writes} writes");

        StoreInspection inspection = new(azurite.Options(prefix));
        (await inspection.CountSystemRowsAsync("things")).ShouldBe(0);
        (await inspection.CountRegistrationsAsync()).ShouldBe(0);
        (await other.SweepAsync()).ShouldBe(0);

        clock.Advance(TimeSpan.FromHours(3));
        await other.SweepAsync();
        (await inspection.ListBlobsAsync()).Count.ShouldBe(large ? 1 + partitions : 0, $"after {writes} writes");
        (await CheckReadersAsync(other, large)).ShouldBe(version);
        return !died;
    }

    private static RowCommit Version(int version, string? etag, int partitions, bool large)
    {
        var row = Properties(version, large);
        var commit = new RowCommit().Add(etag is null ? RowOperation.Insert(Primary, row) : RowOperation.Replace(Primary, row, etag));
        foreach ((var partition, var key) in Lists(version - 1, version == 1 ? 0 : partitions))
        {
            commit.AddDerived(RowOperation.Delete(new("lists", partition, key)));
        }

        foreach ((var partition, var key) in Lists(version, partitions))
        {
            commit.AddDerived(RowOperation.Upsert(new("lists", partition, key), Properties(version, large)));
        }

        return commit;
    }

    private static RowProperties Properties(int version, bool large) =>
        new()
        {
            { "version", version },
            { "copy", version },
            { "large", large ? Enumerable.Repeat((byte)version, LargeSize).ToArray() : null },
        };

    /// <summary>Old and new list row of each partition differ, so a change deletes one and adds one.</summary>
    private static IEnumerable<(string Partition, string Row)> Lists(int version, int partitions) =>
        Enumerable.Range(0, partitions).Select(i => ($"list{i:d2}", version.ToString(CultureInfo.InvariantCulture)));

    /// <summary>What readers rely on: the primary row is whole, a derived row is whole and not ahead of it.</summary>
    private static async Task<int> CheckReadersAsync(AzureTableRowStore store, bool large)
    {
        var derived = (await store.QueryAsync(RowRange.WholeTable("lists"))).Rows;
        var primary = (await store.GetAsync(Primary)).ShouldNotBeNull();
        var version = CheckWhole(primary, large);
        foreach (var row in derived)
        {
            CheckWhole(row, large).ShouldBeLessThanOrEqualTo(version);
        }

        return version;
    }

    private static int CheckWhole(Row row, bool large)
    {
        var version = row.Properties.Get<int>("version");
        row.Properties.Get<int>("copy").ShouldBe(version);
        if (large)
        {
            row.Properties.GetBytes("large").Length.ShouldBe(LargeSize);
            row.Properties.GetBytes("large").ShouldAllBe(item => item == version);
        }

        return version;
    }
}
