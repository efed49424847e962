using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Outbox;

public sealed class OutboxStoreTests
{
    [Fact]
    public async Task Read_Pages_InTheOrderOfTheCommits()
    {
        await using TestServer server = await TestServer.StartAsync();
        List<Guid> runs = [];
        for (int index = 0; index < 5; index++)
        {
            runs.Add((await server.CreateRegisteredAsync()).Id);
            server.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        OutboxStore outbox = server.Get<OutboxStore>();
        OutboxPage first = await outbox.ReadAsync(limit: 3);
        OutboxPage second = await outbox.ReadAsync(limit: 3, continuation: first.Continuation);

        first.Entries.Concat(second.Entries).Select(entry => entry.FlowRunId).ShouldBe(runs);
    }

    [Fact]
    public async Task Read_OlderThan_LeavesOutTheYoung()
    {
        await using TestServer server = await TestServer.StartAsync();
        FlowRun old = await server.CreateRegisteredAsync();
        server.Time.Advance(TimeSpan.FromMinutes(1));
        await server.CreateRegisteredAsync();

        OutboxPage page = await server.Get<OutboxStore>().ReadAsync(server.Time.GetUtcNow());

        page.Entries.Select(entry => entry.FlowRunId).ShouldBe([old.Id]);
    }

    [Fact]
    public async Task Delete_Dispatched_IsGoneAndMayBeRepeated()
    {
        await using TestServer server = await TestServer.StartAsync();
        FlowRun run = await server.CreateRegisteredAsync();
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Cancelled(), TransitionOrigin.Client);
        OutboxStore outbox = server.Get<OutboxStore>();
        string[] keys = [.. server.Announcer.Entries.Select(entry => entry.Key)];

        await outbox.DeleteAsync(keys[0]);
        await outbox.DeleteAsync(keys);
        await outbox.DeleteAsync([]);

        (await outbox.ReadAsync()).Entries.ShouldBeEmpty();
        (await outbox.GetAsync(keys[1])).ShouldBeNull();
    }
}
