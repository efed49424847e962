using Serverless.Core.Filters;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;
using Serverless.Server.Upgrades;
using Serverless.Storage;

namespace Serverless.Server.Tests.Upgrades;

public sealed class StorageLayoutTests
{
    private static readonly RowAddress Layout = new("settings", "server", "layout");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public async Task Start_RowsOfLayoutOne_AreMovedEvenWhenInterrupted(int commitsBeforeTheCrash)
    {
        await using TestServer server = await TestServer.StartAsync();
        FlowRun running = await server.CreateRunningAsync();
        FlowRun scheduled = await server.CreateRegisteredAsync();
        IReadOnlyList<OutboxEntry> outbox = await server.OutboxAsync();
        IReadOnlyList<string> lists = await IndexAsync(server);
        await BackToLayoutOneAsync(server, [running, scheduled], outbox);
        StorageLayout layout = new(server.Store);
        int left = commitsBeforeTheCrash;
        server.Store.BeforeCommit = _ => left-- == 0 ? throw new OperationCanceledException("The process ends here.") : Task.CompletedTask;
        await Should.ThrowAsync<OperationCanceledException>(() => layout.StartingAsync(CancellationToken.None));
        server.Store.BeforeCommit = null;

        await layout.StartingAsync(CancellationToken.None);

        (await IndexAsync(server)).ShouldBe(lists);
        (await server.OutboxAsync()).ShouldBe(outbox);
        (await server.Store.CountAsync(StorageLayout.FormerLists)).ShouldBe(0);
        (await server.Store.CountAsync(StorageLayout.FormerOutbox)).ShouldBe(0);
        (await server.Runs.CountAsync(new FlowRunQuery())).ShouldBe(2);
        (await server.Gate.BeginTaskRunAsync(TestServer.StartOf(running.Id))).ShouldNotBeNull().Result.Status.ShouldBe(SetStateStatus.Accept);
    }

    [Fact]
    public async Task Start_LayoutOfALaterVersion_IsRefused()
    {
        await using TestServer server = await TestServer.StartAsync();
        await server.Store.CommitAsync(new RowCommit().Add(RowOperation.Upsert(Layout, new RowProperties { { "version", StorageLayout.Version + 1 } })));

        RowStoreOpenException error = await Should.ThrowAsync<RowStoreOpenException>(() => new StorageLayout(server.Store).StartingAsync(CancellationToken.None));

        error.Message.ShouldContain("later version");
    }

    private static async Task<IReadOnlyList<string>> IndexAsync(TestServer server) =>
        [.. (await server.Store.QueryAsync(RowRange.WholeTable(RunKeys.Index))).Rows.Select(row => $"{row.PartitionKey} {row.RowKey}")];

    private static async Task BackToLayoutOneAsync(TestServer server, FlowRun[] runs, IReadOnlyList<OutboxEntry> outbox)
    {
        await server.Store.CommitAsync(new RowCommit().Add(RowOperation.Delete(Layout)));
        foreach (Row row in (await server.Store.QueryAsync(RowRange.WholeTable(RunKeys.Index))).Rows)
        {
            await server.Store.CommitAsync(new RowCommit().Add(RowOperation.Delete(new RowAddress(RunKeys.Index, row.PartitionKey, row.RowKey))));
        }

        foreach (FlowRun run in runs)
        {
            RowCommit commit = new();
            commit.Add(RowOperation.Delete(RunKeys.Permit(run.Id, run.RunCount)));
            foreach (string list in (string[])[RunKeys.AllRunsById, RunKeys.AllRuns, RunKeys.ListByState(run.StateType!.Value)])
            {
                string row = list == RunKeys.AllRunsById ? RunKeys.ListRow(run.Id) : RunKeys.ListRow(run.ExpectedStartTime, run.Id);
                commit.AddDerived(RowOperation.Upsert(new RowAddress(StorageLayout.FormerLists, list, row), []));
            }

            await server.Store.CommitAsync(commit);
        }

        foreach (OutboxEntry entry in outbox)
        {
            FlowRun run = (await server.Runs.GetAsync(entry.FlowRunId)).ShouldNotBeNull();
            await server.Store.CommitAsync(new RowCommit().Add(RowOperation.Upsert(
                new RowAddress(StorageLayout.FormerOutbox, "outbox", entry.Key),
                new RowProperties
                {
                    { "kind", "start" },
                    { "run", entry.FlowRunId },
                    { "generation", entry.Generation },
                    { "doc", StoredJson.Serialize(run.State! with { Type = entry.StateType!.Value }) },
                })));
        }
    }
}
