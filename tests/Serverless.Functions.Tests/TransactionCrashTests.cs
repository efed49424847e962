using Serverless.Core.Ids;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Runs;
using Serverless.Storage;
using Xunit.Abstractions;

namespace Serverless.Functions.Tests;

/// <summary>The process dies after each commit of a transaction in turn.</summary>
public sealed class TransactionCrashTests(ITestOutputHelper output) : CrashesAtEveryCommit(output)
{
    [Fact]
    public async Task Crash_AtEveryCommitOfARolledBackTransaction_UndoesEachTaskWithOneKey()
    {
        var crashes = await CrashEverywhereAsync(
            Scripts.Retried,
            flow =>
                flow.TransactionAsync(async _ =>
                {
                    var first = await flow.RunAsync((Booking work) => work.BookAsync(1, null!));
                    var second = await flow.RunAsync((Booking work) => work.BookAsync(2, null!));
                    return flow.Run.RunCount > 1 ? first + second : Fail();
                }),
            async (app, id) =>
            {
                (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running AwaitingRetry Retrying Completed");
                (await app.ResultAsync(id)).ShouldBe("3");
                foreach (var task in await app.TaskRunsAsync(id))
                {
                    (await app.TaskStatesAsync(task.Id)).ShouldBe("Pending Running Completed RolledBack Retrying Completed");
                }

                foreach (var note in new[] { "free 1", "free 2", "confirm 1", "confirm 2" })
                {
                    app.Probe.Count(note).ShouldBeInRange(1, 2);
                }

                app.Probe.Executed.Where(note => note.StartsWith("key ", StringComparison.Ordinal)).Distinct().Count().ShouldBe(2);
                var notes = app.Probe.Executed.ToList();
                notes.LastIndexOf("free 2").ShouldBeLessThan(notes.IndexOf("free 1"));
            }
        );
        crashes.ShouldBeGreaterThan(30);
    }

    [Fact]
    public async Task Crash_AtEveryCommitOfATransactionWithAKey_DoesItOnce()
    {
        TransactionOptions options = new() { Key = "once", Isolation = CacheIsolation.Serializable };
        var crashes = await CrashEverywhereAsync(
            Scripts.Retried,
            async flow =>
            {
                var first = await flow.TransactionAsync(_ => flow.RunAsync((Booking work) => work.BookAsync(1, null!)), options);
                var second = await flow.TransactionAsync(_ => flow.RunAsync((Booking work) => work.BookAsync(2, null!)), options);
                return flow.Run.RunCount > 1 ? (first * 10) + second : Fail();
            },
            async (app, id) =>
            {
                (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running AwaitingRetry Retrying Completed");
                (await app.ResultAsync(id)).ShouldBe("11");
                app.Probe.Count("book 2").ShouldBe(0);
                app.Probe.Count("confirm 1").ShouldBeInRange(1, 2);
                app.Probe.Executed.Where(note => note.StartsWith("key ", StringComparison.Ordinal)).ShouldBeEmpty();
            }
        );
        crashes.ShouldBeGreaterThan(20);
    }

    /// <summary>Somebody pauses the run when the commit of the transaction's task run is on its way: the gate has the transaction
    /// wait.</summary>
    [Fact]
    public async Task Crash_AtEveryCommitOfARunPausedAsItsKeyedTransactionBegins_DoesItOnceAfterTheResume()
    {
        TransactionOptions options = new() { Key = "paused", Isolation = CacheIsolation.Serializable };
        var paused = 0;
        var crashes = await CrashEverywhereAsync(
            Scripts.Plain,
            async flow =>
            {
                var first = await flow.RunAsync((Work work) => work.Do(1));
                return first + await flow.TransactionAsync(_ => flow.RunAsync((Booking work) => work.BookAsync(2, null!)), options);
            },
            async (app, id) =>
            {
                (await app.ResultAsync(id)).ShouldBe("3");
                (await app.GetAsync(id)).StateType.ShouldBe(StateType.Completed);
                paused += (await app.StatesAsync(id)).Contains("Paused", StringComparison.Ordinal) ? 1 : 0;
                app.Probe.Count("book 2").ShouldBeInRange(1, 2);
                app.Probe.Count("confirm 2").ShouldBeInRange(1, 2);
                app.Probe.Executed.Where(note => note.StartsWith("free ", StringComparison.Ordinal)).ShouldBeEmpty();
            },
            begin: app => app.Store.BeforeCommit = commit => PauseAsItBeginsAsync(app, commit, options.Key)
        );
        crashes.ShouldBeGreaterThan(15);

        // Not all commits are tried on Azurite.
        paused.ShouldBeGreaterThan(4);
    }

    /// <summary>Pauses the run before the first commit that has a row of the transaction's task run.</summary>
    private static async Task PauseAsItBeginsAsync(EmbeddedApp app, RowCommit commit, string key)
    {
        var row = commit.Operations[0].Address;
        if (row.Table != "runs" || !Guid.TryParseExact(row.PartitionKey, "N", out var flowRunId))
        {
            return;
        }

        var taskRun = StableIds.TaskRun(flowRunId, $"transaction:{key}", 0).ToString("N");
        if (commit.Operations.Any(operation => operation.Address.RowKey.Contains(taskRun, StringComparison.Ordinal)))
        {
            app.Store.BeforeCommit = null;
            using var own = DeferredCommits.Suspend();
            await app.Gate.ProposeFlowRunStateAsync(flowRunId, new ProposedState { Type = StateType.Paused }, TransitionOrigin.Client);
        }
    }
}
