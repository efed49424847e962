using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Hooks;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Functions.Tests;

/// <summary>Hooks are called once for each event, whoever brought it about.</summary>
public sealed class HookTests : IDisposable
{
    private const string Body = "body-0";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serverless-hooks-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Flow_Completed_CallsItsHooksInOrderAndLogsTheOneThatFails()
    {
        await using var app = await StartAsync();
        var id = await app.RunAsync(_ => Task.FromResult(7), HookedWork.Hooked);

        await app.WhenExecutedAsync($"{Body} Completed with 7");
        await app.WhenExecutedAsync($"begin {Body}");

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Completed");
        await app.WhenAsync(
            async () => (await LinesAsync(app, id)).SequenceEqual(["Hook 'Break' failed: hooked is told in vain", "told of Completed"]),
            "the lines of both hooks"
        );
        await app.ShouldSettleAsync(id);
        app.Probe.Count($"begin {Body}").ShouldBe(1);
    }

    [Fact]
    public async Task Flow_FailedAfterARetry_CallsOnFailureOnceAndOnRunningForEachAttempt()
    {
        await using var app = await StartAsync();
        var id = await app.RunAsync(_ => throw new InvalidOperationException("no luck"), HookedWork.Hooked);
        await app.DriveAsync(id);

        await app.WhenExecutedAsync($"{Body} Failed");
        await app.WhenExecutedAsync($"begin {Body}", times: 2);

        await app.ShouldSettleAsync(id);
        await ShouldHaveNoOpenHooksAsync(app, id);
        app.Probe.Count($"{Body} Failed").ShouldBe(1);
        app.Probe.Count($"begin {Body}").ShouldBe(2);
    }

    [Fact]
    public async Task Flow_CancelledByAClient_CallsOnCancellation()
    {
        await using var app = await StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync((HookedWork work) => work.DoAsync(0, null!)), HookedWork.Hooked);
        await app.WhenExecutedAsync("held");

        await app.Control.CancelAsync(id);

        await app.WhenExecutedAsync($"{Body} Cancelled");
        await app.WhenExecutedAsync("do-0 Cancelled");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Flow_CancelledBeforeItBegan_CallsOnCancellation()
    {
        await using var app = await StartAsync();
        var id = await app.RunAsync(_ => Task.FromResult(1), HookedWork.Hooked, after: TimeSpan.FromHours(1));

        await app.Control.CancelAsync(id);

        await app.WhenExecutedAsync($"{Body} Cancelled");
        app.Probe.Count($"begin {Body}").ShouldBe(0);
    }

    [Fact]
    public async Task Flow_ForcedToCrashed_CallsOnCrashed()
    {
        await using var app = await StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync((HookedWork work) => work.DoAsync(0, null!)), HookedWork.Hooked);
        await app.WhenExecutedAsync("held");

        await app.Gate.SetFlowRunStateAsync(id, ProposedStates.Crashed("by hand"), force: true);

        await app.WhenExecutedAsync($"{Body} Crashed");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Flow_CrashedByTheSweep_CallsOnCrashed()
    {
        await using var app = await StartAsync(sweep: true);
        var id = await app.RunAsync(flow => flow.RunAsync((HookedWork work) => work.DoAsync(0, null!)), HookedWork.Hooked);
        await app.WhenExecutedAsync("held");

        await app.Client.TerminateInstanceAsync(OutboxEntry.InstanceIdOf(id, 1));

        (await app.WhenSweptAsync(id)).StateType.ShouldBe(StateType.Crashed);
        await app.WhenExecutedAsync($"{Body} Crashed");
        app.Probe.Open("hold");
    }

    [Fact]
    public async Task Task_CompletedAndFailed_CallsItsHooks()
    {
        await using var app = await StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            var done = await flow.RunAsync((HookedWork work) => work.DoAsync(5, null!));
            await flow.Submit((HookedWork work) => work.DoAsync(-1, null!)).WaitForStateAsync();
            return done;
        });
        (await app.DriveAsync(id)).StateType.ShouldBe(StateType.Completed);

        await app.WhenExecutedAsync("do-0 Completed with 5");
        await app.WhenExecutedAsync("do-1 Failed");
        await app.WhenExecutedAsync("begin do-0");
        await app.WhenExecutedAsync("begin do-1", times: 2);
        await app.ShouldSettleAsync(id);
        await ShouldHaveNoOpenHooksAsync(app, id);
        app.Probe.Count("do-1 Failed").ShouldBe(1);
        (await app.LogsAsync(id)).ShouldContain(line => line.TaskRunId != null && line.Message == "told of Failed");
    }

    [Fact]
    public async Task Hooks_AnnouncementLost_AreCalledByTheSweepOnce()
    {
        await using var app = await StartAsync();
        app.Probe.Bodies[Body] = _ => Task.FromResult(1);
        app.Announcer.Loses = true;
        var id = await app.CreateAsync(HookedWork.Hooked, Body);
        await DispatchAsync(app);
        await app.DriveAsync(id);
        var entries = await app.Get<OutboxStore>().ReadAsync().ToListAsync();
        entries.Select(entry => entry.Kind).ShouldBe([OutboxKind.Hooks, OutboxKind.Hooks]);

        await DispatchAsync(app);

        await app.WhenExecutedAsync($"{Body} Completed with 1");
        (await app.Get<OutboxStore>().ReadAsync().ToListAsync()).ShouldBeEmpty();

        // A message that comes late, or twice.
        app.Announcer.Loses = false;
        entries.ForEach(app.Announcer.Announce);
        await ShouldHaveNoOpenHooksAsync(app, id);
        app.Probe.Count($"{Body} Completed with 1").ShouldBe(1);
    }

    [Fact]
    public async Task Hooks_OfADeletedRun_AreDropped()
    {
        await using var app = await StartAsync();
        app.Probe.Bodies[Body] = _ => Task.FromResult(1);
        app.Announcer.Loses = true;
        var id = await app.CreateAsync(HookedWork.Hooked, Body);
        await DispatchAsync(app);
        await app.DriveAsync(id);

        await app.Runs.DeleteAsync(id);
        app.Announcer.Loses = false;
        await DispatchAsync(app);

        await ShouldHaveNoOpenHooksAsync(app, id);
        app.Probe.Count($"{Body} Completed with 1").ShouldBe(0);
    }

    [Fact]
    public async Task Hooks_OfAFlowAndTasksWithoutAny_WriteNothing()
    {
        await using var app = await StartAsync();
        app.Announcer.Loses = true;
        app.Probe.Bodies[Body] = flow => flow.RunAsync((Work work) => work.Do(1));
        var id = await app.CreateAsync(Scripts.Plain, Body);
        await DispatchAsync(app);

        await app.DriveAsync(id);

        (await app.Get<OutboxStore>().ReadAsync().ToListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Hook_ThreeProcessesDiedInIt_IsGivenUp()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(HookedWork));
        var id = await app.RunAsync(_ => Task.FromResult(1), HookedWork.Hooked);
        await app.DriveAsync(id);
        for (var death = 0; death <= 3; death++)
        {
            // The hook waits for its gate.
            await app.WhenExecutedAsync("telling", death + 1);
            await StartNextAsync(app, death);
        }

        await app.WhenAsync(
            async () => await HasLineAsync(app, id, "The engine's activity RunHook has failed after 1 attempt(s) and is not retried"),
            "the end of the hook"
        );
        (await app.GetAsync(id)).StateType.ShouldBe(StateType.Completed);
        app.Probe.Open("hook");
        await ShouldHaveNoOpenHooksAsync(app, id);
    }

    private static async Task<EmbeddedApp> StartAsync(bool sweep = false)
    {
        var app = await EmbeddedApp.StartAsync(sweep, flows: typeof(HookedWork));
        app.Probe.Open("hook");
        return app;
    }

    private static async Task<IReadOnlyList<string>> LinesAsync(EmbeddedApp app, Guid id) =>
        [.. (await app.LogsAsync(id)).Select(line => line.Message.Split(Environment.NewLine)[0])];

    private static async Task<bool> HasLineAsync(EmbeddedApp app, Guid id, string start) =>
        (await app.LogsAsync(id)).Any(line => line.Message.StartsWith(start, StringComparison.Ordinal));

    private static async Task DispatchAsync(EmbeddedApp app)
    {
        foreach (var entry in await app.Get<OutboxStore>().ReadAsync().ToListAsync())
        {
            await app.Get<Functions.Outbox.OutboxDispatcher>().DispatchAsync(entry, app.Client, CancellationToken.None);
        }
    }

    private static Task ShouldHaveNoOpenHooksAsync(EmbeddedApp app, Guid id) =>
        app.WhenAsync(
            async () =>
                await app
                    .Client.GetAllInstancesAsync(
                        new Microsoft.DurableTask.Client.OrchestrationQuery
                        {
                            InstanceIdPrefix = $"{OutboxEntry.InstancePrefixOf(id)}hooks-",
                        }
                    )
                    .AllAsync(instance => instance.IsCompleted),
            "the end of the hooks"
        );

    /// <summary>The process dies, and the next one finds the file as it was at that moment.</summary>
    private async Task StartNextAsync(EmbeddedApp app, int number)
    {
        var next = Path.Combine(_folder.FullName, $"{number}");
        if (app.ActivityMarks is { } left)
        {
            File.Copy(left, next);
        }

        app.ActivityMarks = next;
        await app.RestartAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(5));
    }
}
