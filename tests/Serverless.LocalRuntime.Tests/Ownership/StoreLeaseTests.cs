using Serverless.LocalRuntime.Ownership;
using Serverless.LocalRuntime.Tests.Fixtures;
using Serverless.Storage;
using Serverless.Testing;

namespace Serverless.LocalRuntime.Tests.Ownership;

public sealed class StoreLeaseTests
{
    private static readonly StoreLeaseOptions First = new() { Machine = "box", ProcessId = 1 };
    private static readonly StoreLeaseOptions Second = new() { Machine = "box", ProcessId = 2 };
    private static readonly StoreLeaseOptions Elsewhere = new() { Machine = "other", ProcessId = 3 };

    private readonly MemoryRowStore _rows = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly List<string> _reports = [];

    [Fact]
    public async Task Acquire_NewStore_IsHadAtOnce()
    {
        await using var lease = await AcquireAsync(First);

        lease.Lost.IsCompleted.ShouldBeFalse();
        _reports.ShouldBeEmpty();
    }

    [Fact]
    public async Task Acquire_GivenBack_IsHadAtOnce()
    {
        await (await AcquireAsync(First)).DisposeAsync();

        await using var lease = await AcquireAsync(Second);

        _reports.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("box")]
    [InlineData("other")]
    public async Task Acquire_OtherIsAlive_IsRefusedWithItsName(string machine)
    {
        await using var lease = await AcquireAsync(First);

        var second = AcquireAsync(Second with { Machine = machine });

        (await Should.ThrowAsync<StoreInUseException>(DriveAsync(second, others: 1))).Message.ShouldContain("process 1 on box");
        (_clock.GetUtcNow() - Start).ShouldBeLessThan(TimeSpan.FromSeconds(8));
        lease.Lost.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Acquire_OtherWasKilled_WaitsUntilItsTimeIsOverAndSaysSo()
    {
        await KillAsync(First);

        await using var lease = await DriveAsync(AcquireAsync(Second));

        (_clock.GetUtcNow() - Start).ShouldBeInRange(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(16));
        _reports.ShouldHaveSingleItem().ShouldContain("process 1 on box");
    }

    [Theory]
    [InlineData(-600)]
    [InlineData(+600)]
    public async Task Acquire_OtherMachineWasKilled_DoesNotGoByItsClock(int ahead)
    {
        ManualTimeProvider theirs = new(_clock.GetUtcNow().AddSeconds(ahead));
        FaultingRowStore connection = new(_rows);
        _ = await StoreLease.AcquireAsync(connection, First, theirs, _reports.Add);

        await using var lease = await DriveAsync(AcquireAsync(Elsewhere));

        (_clock.GetUtcNow() - Start).ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(16));
    }

    [Fact]
    public async Task Acquire_OtherWasKilledLongAgo_IsHadAtOnce()
    {
        await KillAsync(First);
        _clock.Advance(TimeSpan.FromMinutes(2));

        await using var lease = await AcquireAsync(Elsewhere);

        _reports.ShouldBeEmpty();
    }

    [Fact]
    public async Task Acquire_TwoAtOnceAfterAKill_OneHasItAndOneIsRefused()
    {
        await KillAsync(First);

        var one = AcquireAsync(Second);
        var two = AcquireAsync(Elsewhere);
        await PassTimeAsync(Task.WhenAll(one, two), timers: 2);

        new[] { one, two }.Count(task => task.IsCompletedSuccessfully).ShouldBe(1);
        new[] { one, two }.Count(task => task.Exception?.InnerException is StoreInUseException).ShouldBe(1);
        await (one.IsCompletedSuccessfully ? await one : await two).DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Renew_StoreAwayForLong_GoesOnWhenItIsBack(bool applied)
    {
        FaultingRowStore connection = new(_rows) { AfterApplying = applied };
        await using var lease = await AcquireAsync(First, connection);
        connection.RefuseNext(40);
        var refused = connection.Commits + 40;

        while (connection.Commits < refused + 2)
        {
            lease.Lost.IsCompleted.ShouldBeFalse();
            _clock.AdvanceTo(await _clock.WaitForTimerAsync(TimeSpan.FromSeconds(30)).WaitAsync(Waiting.Patience));
        }

        await Should.ThrowAsync<StoreInUseException>(DriveAsync(AcquireAsync(Second), others: 1));
        lease.Lost.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Renew_TakenOverAfterAStandstill_IsLost()
    {
        ManualTimeProvider standing = new(Start);
        await using var lease = await StoreLease.AcquireAsync(_rows, First, standing, _reports.Add);
        await using var other = await DriveAsync(AcquireAsync(Second));

        standing.Advance(TimeSpan.FromMinutes(1));

        (await lease.Lost.WaitAsync(Waiting.Patience)).ShouldContain("process 2 on box");
        await lease.DisposeAsync();
        await Should.ThrowAsync<StoreInUseException>(DriveAsync(AcquireAsync(Elsewhere), others: 1));
    }

    [Fact]
    public async Task Renew_RowDeleted_WritesItAgain()
    {
        await using var lease = await AcquireAsync(First);
        await _rows.CommitAsync(new RowCommit().Add(RowOperation.Delete(LeaseRow.Address)));
        _clock.Advance(TimeSpan.FromSeconds(5));
        await PassTimeAsync(WrittenAsync(), timers: 1);

        await Should.ThrowAsync<StoreInUseException>(DriveAsync(AcquireAsync(Second), others: 1));
        lease.Lost.IsCompleted.ShouldBeFalse();
    }

    private async Task WrittenAsync()
    {
        while (await _rows.GetAsync(LeaseRow.Address) is null)
        {
            await Task.Yield();
        }
    }

    private static DateTimeOffset Start => new ManualTimeProvider().GetUtcNow();

    private Task<StoreLease> AcquireAsync(StoreLeaseOptions options, IRowStore? rows = null) =>
        StoreLease.AcquireAsync(rows ?? _rows, options, _clock, _reports.Add);

    /// <summary>A process that takes the store and then stands still for good: on a clock of its own.</summary>
    private async Task KillAsync(StoreLeaseOptions options) =>
        _ = await StoreLease.AcquireAsync(_rows, options, new ManualTimeProvider(_clock.GetUtcNow()), _reports.Add);

    /// <summary>Lets time pass until a lease is had or refused.</summary>
    /// <param name="acquiring">The attempt.</param>
    /// <param name="others">How many leases are alive on the same clock.</param>
    private async Task<StoreLease> DriveAsync(Task<StoreLease> acquiring, int others = 0)
    {
        await PassTimeAsync(acquiring, others + 1);
        return await acquiring;
    }

    /// <summary>Moves the clock from timer to timer, each time after everybody has come to his next wait.</summary>
    private async Task PassTimeAsync(Task until, int timers)
    {
        using CancellationTokenSource patience = new(Waiting.Patience);
        while (!until.IsCompleted)
        {
            patience.Token.ThrowIfCancellationRequested();
            // Who waits for the lease looks each second; the renewals come due on the way.
            if (_clock.ActiveTimers >= timers && _clock.NextDue is { } due && due <= _clock.GetUtcNow() + TimeSpan.FromSeconds(1))
            {
                _clock.AdvanceTo(due);
            }

            await Task.Yield();
        }
    }
}
