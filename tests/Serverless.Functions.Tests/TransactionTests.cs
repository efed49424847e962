using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;

namespace Serverless.Functions.Tests;

/// <summary>What completed in a transaction is kept or undone together.</summary>
public sealed class TransactionTests
{
    [Fact]
    public async Task Transaction_EndsWell_CallsTheCommitHooksInOrder()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow =>
            flow.TransactionAsync(async _ =>
            {
                var first = await flow.RunAsync((Booking work) => work.BookAsync(1, null!));
                return first + await flow.RunAsync((Booking work) => work.BookAsync(2, null!));
            })
        );

        (await app.DriveAsync(id)).StateType.ShouldBe(StateType.Completed);

        Notes(app).ShouldBe(["book 1", "book 2", "confirm 1", "confirm 2"]);
        (await StatesAsync(app, id)).ShouldBe(["Pending Running Completed", "Pending Running Completed"]);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Transaction_Throws_RollsBackInReverseOrderAndFailsTheRun()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow =>
            flow.TransactionAsync<int>(async transaction =>
            {
                transaction.Set("name", "Ada");
                await flow.RunAsync((Booking work) => work.BookAsync(1, null!));
                await flow.RunAsync((Work work) => work.Do(7));
                await flow.RunAsync((Booking work) => work.BookAsync(2, null!));
                return await flow.RunAsync((Booking work) => work.BookAsync(-1, null!));
            })
        );

        var run = await app.DriveAsync(id);

        run.State!.ToString()
            .ShouldStartWith("Failed(\"Flow run encountered an exception: FailedRunException: Task 'book' ended as Failed: ");
        Notes(app).ShouldBe(["book 1", "do 7", "book 2", "book -1", "free 2 for Ada", "free 1 for Ada"]);
        (await StatesAsync(app, id)).ShouldBe(
            [
                "Pending Running Completed RolledBack",
                "Pending Running Completed RolledBack",
                "Pending Running Completed RolledBack",
                "Pending Running Failed",
            ],
            ignoreOrder: true
        );
        var lines = (await app.LogsAsync(id)).Select(line => line.Message.Split(Environment.NewLine)[0]).ToList();
        lines.ShouldContain("Rolling back 3 task run(s) of a transaction");
        lines.Count(line => line == "Hook 'BreakAsync' failed: book is broken").ShouldBe(2);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Flow_FailsOutsideATransaction_RollsNothingBack()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            await flow.TransactionAsync(_ => flow.RunAsync((Booking work) => work.BookAsync(1, null!)));
            return await flow.RunAsync((Booking work) => work.BookAsync(-1, null!));
        });

        (await app.DriveAsync(id)).StateType.ShouldBe(StateType.Failed);

        Notes(app).ShouldBe(["book 1", "confirm 1", "book -1"]);
    }

    [Fact]
    public async Task RollBack_Called_LetsTheFlowGoOn()
    {
        await using var app = await EmbeddedApp.StartAsync();
        List<bool> ends = [];
        var id = await app.RunAsync(async flow =>
        {
            FlowTransaction left = null!;
            var number = await flow.TransactionAsync(async transaction =>
            {
                left = transaction;
                await flow.Map([1, 2], (Booking work, int item) => work.BookAsync(item, null!));
                transaction.RollBack();
                return 5;
            });
            ends.AddRange([left.IsRolledBack, left.IsCommitted]);
            return number;
        });

        (await app.DriveAsync(id)).StateType.ShouldBe(StateType.Completed);

        (await app.ResultAsync(id)).ShouldBe("5");
        ends.TakeLast(2).ShouldBe([true, false]);
        Notes(app).Count(note => note.StartsWith("free", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task Transaction_InsideAnother_CommitsWithThatOne()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow =>
            flow.TransactionAsync<int>(async outer =>
            {
                outer.Set("name", "outer");
                await flow.TransactionAsync(async inner =>
                {
                    inner.Set("name", $"{inner.Get<string>("name")}, inner");
                    await flow.RunAsync((Booking work) => work.BookAsync(1, null!));
                });
                await flow.RunAsync((Booking work) => work.BookAsync(2, null!));
                throw new InvalidOperationException("after the inner one");
            })
        );

        (await app.DriveAsync(id)).StateType.ShouldBe(StateType.Failed);

        Notes(app).ShouldBe(["book 1", "book 2", "free 2 for outer", "free 1 for outer, inner"]);
    }

    [Fact]
    public async Task Transaction_InsideAnotherRollsBack_RollsThatOneBackToo()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow =>
            flow.TransactionAsync(async outer =>
            {
                await flow.RunAsync((Booking work) => work.BookAsync(1, null!));
                try
                {
                    await flow.TransactionAsync(async _ =>
                    {
                        await flow.RunAsync((Booking work) => work.BookAsync(2, null!));
                        await flow.RunAsync((Booking work) => work.BookAsync(-1, null!));
                    });
                }
                catch (FailedRunException)
                {
                    return outer.IsRolledBack ? 1 : 2;
                }

                return 3;
            })
        );

        (await app.DriveAsync(id)).StateType.ShouldBe(StateType.Completed);

        (await app.ResultAsync(id)).ShouldBe("2");
        Notes(app).ShouldBe(["book 1", "book 2", "book -1", "free 2", "free 1"]);
    }

    [Fact]
    public async Task Transaction_CommitHookFails_IsRolledBackAndTheFlowGoesOn()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.Open("broken");
        var id = await app.RunAsync(flow => flow.TransactionAsync(_ => flow.RunAsync((Booking work) => work.BookAsync(1, null!))));

        (await app.DriveAsync(id)).StateType.ShouldBe(StateType.Completed);

        Notes(app).ShouldBe(["book 1", "confirm 1", "free 1"]);
        (await app.LogsAsync(id)).ShouldContain(line =>
            line.Message == "The transaction is rolled back, because a commit hook of task 'book' failed."
        );
    }

    [Fact]
    public async Task Transaction_RolledBackInAnAttempt_RunsItsTasksAgainInTheRetry()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(
            async flow =>
            {
                var kept = await flow.TransactionAsync(_ => flow.RunAsync((Booking work) => work.BookAsync(8, null!)));
                return await flow.TransactionAsync(async _ =>
                {
                    var number = await flow.RunAsync((Booking work) => work.BookAsync(1, null!));
                    return flow.Run.RunCount > 1 ? number + kept : throw new InvalidOperationException("the first attempt fails");
                });
            },
            Scripts.Retried
        );

        (await app.DriveAsync(id)).StateType.ShouldBe(StateType.Completed);

        // What was committed in the first attempt is neither done nor confirmed again.
        Notes(app).ShouldBe(["book 8", "confirm 8", "book 1", "free 1", "book 1", "confirm 1"]);
        (await app.ResultAsync(id)).ShouldBe("9");
        (await StatesAsync(app, id)).ShouldBe(
            ["Pending Running Completed", "Pending Running Completed RolledBack Retrying Completed"],
            ignoreOrder: true
        );
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Transaction_RunIsCancelled_RollsBackWhatCompletedAlsoMeanwhile()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow =>
            flow.TransactionAsync(async _ =>
            {
                flow.CancellationToken.Register(() => app.Probe.Note("body is stopped"));
                await flow.RunAsync((Booking work) => work.BookAsync(1, null!));
                return await flow.RunAsync((Booking work) => work.BookAsync(0, null!));
            })
        );
        await app.WhenExecutedAsync("book 0");

        await app.Control.CancelAsync(id);
        await app.WhenExecutedAsync("body is stopped");
        app.Probe.Open("book");
        await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Cancelling Cancelled");
        Notes(app).ShouldBe(["book 1", "book 0", "free 0", "free 1"]);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Transaction_RunExceedsItsTimeout_RollsBack()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(
            flow =>
                flow.TransactionAsync(async _ =>
                {
                    await flow.RunAsync((Booking work) => work.BookAsync(1, null!));
                    await flow.SleepAsync(TimeSpan.FromHours(1));
                    return 1;
                }),
            Scripts.Limited
        );
        await app.WhenAsync(async () => await app.CountTaskRunsAsync(id, StateType.Completed) == 1, "the end of the task");

        await app.AdvanceToTimerAsync(TimeSpan.FromMinutes(5));

        await app.WhenExecutedAsync("free 1");
        (await app.GetAsync(id)).StateName.ShouldBe(StateNames.TimedOut);
        await app.ShouldSettleAsync(id);
    }

    private static IReadOnlyList<string> Notes(EmbeddedApp app) =>
        [
            .. app.Probe.Executed.Where(note =>
                !note.StartsWith("body", StringComparison.Ordinal) && !note.StartsWith("key", StringComparison.Ordinal)
            ),
        ];

    private static async Task<IReadOnlyList<string>> StatesAsync(EmbeddedApp app, Guid id) =>
        [.. await Task.WhenAll((await app.TaskRunsAsync(id)).Select(task => app.TaskStatesAsync(task.Id)))];
}
