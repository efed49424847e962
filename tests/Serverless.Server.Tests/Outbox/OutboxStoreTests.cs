using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Outbox;

public sealed class OutboxStoreTests
{
    [Fact]
    public async Task Read_SeveralPartitions_InTheOrderOfTheCommits()
    {
        await using var server = await TestServer.StartAsync();
        List<Guid> runs = [];
        for (var index = 0; index < 5; index++)
        {
            runs.Add((await server.CreateRegisteredAsync()).Id);
            server.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        var entries = await server.Get<OutboxStore>().ReadAsync().ToListAsync();

        entries.Select(entry => entry.FlowRunId).ShouldBe(runs);
        entries.ShouldBe(server.Announcer.Entries);
    }

    [Fact]
    public async Task Read_OlderThan_LeavesOutTheYoung()
    {
        await using var server = await TestServer.StartAsync();
        var old = await server.CreateRegisteredAsync();
        server.Time.Advance(TimeSpan.FromMinutes(1));
        await server.CreateRegisteredAsync();

        var entries = await server.Get<OutboxStore>().ReadAsync(server.Time.GetUtcNow()).ToListAsync();

        entries.Select(entry => entry.FlowRunId).ShouldBe([old.Id]);
    }

    [Fact]
    public async Task Delete_Dispatched_IsGoneAndMayBeRepeated()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRegisteredAsync();
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Cancelled(), TransitionOrigin.Client);
        var outbox = server.Get<OutboxStore>();
        foreach (var entry in server.Announcer.Entries)
        {
            await outbox.DeleteAsync(entry);
            await outbox.DeleteAsync(entry);
        }

        (await outbox.ReadAsync().ToListAsync()).ShouldBeEmpty();
    }
}
