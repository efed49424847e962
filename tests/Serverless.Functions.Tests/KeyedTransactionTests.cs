using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;

namespace Serverless.Functions.Tests;

/// <summary>Transactions with a key are done once.</summary>
public sealed class KeyedTransactionTests
{
    private static readonly TransactionOptions Charge = new() { Key = "charge order 42 <&> é" };
    private static readonly TransactionOptions InTurn = Charge with { Isolation = CacheIsolation.Serializable };

    [Fact]
    public async Task Transaction_WhoseKeyHasCommitted_IsNotRunAgainAndReturnsItsResult()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var first = await app.RunAsync(flow => BookAsync(flow, Charge, 1));
        await app.DriveAsync(first);

        var second = await app.RunAsync(flow => BookAsync(flow, Charge, 2));
        await app.DriveAsync(second);

        (await app.ResultAsync(first)).ShouldBe("1");
        (await app.ResultAsync(second)).ShouldBe("1");
        Notes(app).ShouldBe(["book 1", "confirm 1"]);
        (await app.TaskRunAsync(second)).StateName.ShouldBe(StateNames.Cached);
        await app.ShouldSettleAsync(second);
    }

    [Fact]
    public async Task Transaction_TwiceInOneRun_IsRunOnce()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow => (await BookAsync(flow, Charge, 1) * 10) + await BookAsync(flow, Charge, 2));

        await app.DriveAsync(id);

        (await app.ResultAsync(id)).ShouldBe("11");
        Notes(app).ShouldBe(["book 1", "confirm 1"]);
    }

    [Fact]
    public async Task Transaction_WithoutResult_IsDoneOnceToo()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            for (var i = 1; i < 3; i++)
            {
                await flow.TransactionAsync(
                    async transaction =>
                    {
                        transaction.Key.ShouldBe(Charge.Key);
                        await flow.RunAsync((Booking work) => work.BookAsync(i, null!));
                    },
                    Charge
                );
            }

            return 1;
        });

        (await app.DriveAsync(id)).StateType.ShouldBe(StateType.Completed);

        Notes(app).ShouldBe(["book 1", "confirm 1"]);
    }

    [Fact]
    public async Task Transaction_RolledBack_IsRunAgainByTheNextRun()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var failed = await app.RunAsync(flow =>
            flow.TransactionAsync<int>(
                async _ =>
                {
                    await flow.RunAsync((Booking work) => work.BookAsync(1, null!));
                    throw new InvalidOperationException("no");
                },
                InTurn
            )
        );
        (await app.DriveAsync(failed)).StateType.ShouldBe(StateType.Failed);

        var second = await app.RunAsync(flow => BookAsync(flow, InTurn, 2));
        await app.DriveAsync(second);

        (await app.ResultAsync(second)).ShouldBe("2");
        Notes(app).ShouldBe(["book 1", "free 1", "book 2", "confirm 2"]);
        (await app.TaskRunsAsync(failed)).ShouldAllBe(task => task.StateName == StateNames.RolledBack);
    }

    [Fact]
    public async Task Transaction_InsideOneThatIsRolledBack_LeavesNoResult()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            await flow.TransactionAsync(async outer =>
            {
                await BookAsync(flow, Charge, 1);
                outer.RollBack();
            });
            return await BookAsync(flow, Charge, 2);
        });

        await app.DriveAsync(id);

        (await app.ResultAsync(id)).ShouldBe("2");
        Notes(app).ShouldBe(["book 1", "free 1", "book 2", "confirm 2"]);
    }

    [Fact]
    public async Task Transaction_CommitHookFails_LeavesNoResult()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.Open("broken");
        var id = await app.RunAsync(async flow => (await BookAsync(flow, Charge, 1) * 10) + await BookAsync(flow, Charge, 2));

        await app.DriveAsync(id);

        (await app.ResultAsync(id)).ShouldBe("12");
        Notes(app).ShouldBe(["book 1", "confirm 1", "free 1", "book 2", "confirm 2", "free 2"]);
    }

    [Fact]
    public async Task Transaction_SerializableWhileAnotherIsOpen_WaitsAndTakesItsResult()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var first = await app.RunAsync(flow => BookAsync(flow, InTurn, 0));
        await app.WhenExecutedAsync("book 0");
        var second = await app.RunAsync(flow => BookAsync(flow, InTurn, 2));
        await app.WhenAsync(async () => await app.TaskRunsAsync(second) is [{ StateType: StateType.Pending }], "the wait");

        app.Probe.Open("book");
        await app.DriveAsync(first);
        await app.DriveAsync(second);

        (await app.ResultAsync(second)).ShouldBe("0");
        Notes(app).ShouldBe(["book 0", "confirm 0"]);
    }

    [Fact]
    public async Task Transaction_SerializableWhoseRunIsCancelled_LeavesTheTurnToTheNext()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var first = await app.RunAsync(flow =>
        {
            flow.CancellationToken.Register(() => app.Probe.Note("body is stopped"));
            return BookAsync(flow, InTurn, 0);
        });
        await app.WhenExecutedAsync("book 0");
        var second = await app.RunAsync(flow => BookAsync(flow, InTurn, 2));
        await app.WhenAsync(async () => await app.TaskRunsAsync(second) is [{ StateType: StateType.Pending }], "the wait");

        await app.Control.CancelAsync(first);
        await app.WhenExecutedAsync("body is stopped");
        app.Probe.Open("book");
        (await app.DriveAsync(first)).StateType.ShouldBe(StateType.Cancelled);
        await app.DriveAsync(second);

        (await app.ResultAsync(second)).ShouldBe("2");
        await app.ShouldSettleAsync(first);
        await app.ShouldSettleAsync(second);
    }

    [Fact]
    public async Task Transaction_WithOverwrite_IsRunAndReplacesTheResult()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            var first = await BookAsync(flow, Charge, 1);
            await flow.SleepAsync(TimeSpan.FromSeconds(1));
            var second = await BookAsync(flow, Charge with { Overwrite = true }, 2);
            return (first * 100) + (second * 10) + await BookAsync(flow, Charge, 3);
        });

        await app.DriveAsync(id);

        (await app.ResultAsync(id)).ShouldBe("122");
    }

    [Fact]
    public async Task Transaction_AfterTheExpiration_IsRunAgain()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var options = Charge with { Expiration = TimeSpan.FromMinutes(10) };
        var id = await app.RunAsync(async flow =>
        {
            var first = await BookAsync(flow, options, 1);
            var second = await BookAsync(flow, options, 2);
            await flow.SleepAsync(TimeSpan.FromMinutes(11));
            return (first * 100) + (second * 10) + await BookAsync(flow, options, 3);
        });

        await app.DriveAsync(id);

        (await app.ResultAsync(id)).ShouldBe("113");
    }

    [Fact]
    public async Task Transaction_InsideOneWithItsKey_IsRefused()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.TransactionAsync(_ => BookAsync(flow, InTurn, 1), InTurn));

        var run = await app.DriveAsync(id);

        run.StateType.ShouldBe(StateType.Failed);
        run.State!.Message.ShouldNotBeNull().ShouldContain($"A transaction around this one has its key, '{Charge.Key}'.");
        Notes(app).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", 0, "The key of a transaction has 1 to 1,024 characters; this one has 0.")]
    [InlineData("key", -1, "The expiration of transaction 'key' is -00:00:01; it must be positive")]
    public async Task Options_ThatMakeNoSense_FailTheRun(string key, int seconds, string message)
    {
        await using var app = await EmbeddedApp.StartAsync();
        TransactionOptions options = new() { Key = key, Expiration = seconds == 0 ? null : TimeSpan.FromSeconds(seconds) };
        var id = await app.RunAsync(flow => BookAsync(flow, options, 1));

        (await app.DriveAsync(id)).State!.Message.ShouldNotBeNull().ShouldContain(message);
        Notes(app).ShouldBeEmpty();
    }

    private static Task<int> BookAsync(FlowContext flow, TransactionOptions options, int number) =>
        flow.TransactionAsync(_ => flow.RunAsync((Booking work) => work.BookAsync(number, null!)), options);

    private static IReadOnlyList<string> Notes(EmbeddedApp app) =>
        [
            .. app.Probe.Executed.Where(note =>
                !note.StartsWith("body", StringComparison.Ordinal) && !note.StartsWith("key", StringComparison.Ordinal)
            ),
        ];
}
