using DurableTask.Core.Exceptions;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.LocalRuntime.Instances;
using Serverless.LocalRuntime.Tests.Fixtures;
using Serverless.Testing;

namespace Serverless.LocalRuntime.Tests;

/// <summary>Starting instances: ids that are taken, times, names that nobody knows.</summary>
public sealed class StartTests
{
    private static readonly Scripts Scripts = new Scripts()
        .Add("wait", async context => await context.WaitForExternalEvent<string>("go"))
        .Add("end", context => Task.FromResult(context.GetInput<string>()))
        .Add(
            "parent",
            context => context.CallSubOrchestratorAsync<string>("Script", new SubOrchestrationOptions(new TaskOptions { Version = "wait" }))
        );

    private readonly MemoryRowStore _rows = new();

    [Fact]
    public async Task Schedule_LiveId_IsRefused()
    {
        await using var runtime = await TestRuntime.StartAsync(_rows, Scripts);
        await runtime.ScheduleAsync("wait", id: "a");

        await Should.ThrowAsync<OrchestrationAlreadyExistsException>(runtime.ScheduleAsync("wait", id: "a"));
    }

    [Fact]
    public async Task Schedule_OneIdManyTimesAtOnce_StartsOne()
    {
        await using var runtime = await TestRuntime.StartAsync(_rows, Scripts);

        var started = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        try
                        {
                            await runtime.ScheduleAsync("wait", id: "a");
                            return true;
                        }
                        catch (OrchestrationAlreadyExistsException)
                        {
                            return false;
                        }
                    })
                )
        );

        started.Count(won => won).ShouldBe(1);
    }

    [Fact]
    public async Task Schedule_EndedId_ReplacesIt()
    {
        await using var runtime = await TestRuntime.StartAsync(_rows, Scripts);
        string large = new('x', 100_000);
        await runtime.ScheduleAsync("end", large, "a");

        await runtime.ScheduleAsync("end", "second", "a");
        var ended = await runtime.CompletionAsync("a");

        ended.ReadOutputAs<string>().ShouldBe("second");
        ended.ReadInputAs<string>().ShouldBe("second");
    }

    [Fact]
    public async Task Schedule_EndedIdInDedupeStatuses_IsRefused()
    {
        await using var runtime = await TestRuntime.StartAsync(_rows, Scripts);
        await runtime.ScheduleAsync("end", "x", "a");
        var options = new StartOrchestrationOptions("a") { Version = "end" }.WithDedupeStatuses([
            .. StartOrchestrationOptionsExtensions.ValidDedupeStatuses,
        ]);

        await Should.ThrowAsync<OrchestrationAlreadyExistsException>(
            runtime.Client.ScheduleNewOrchestrationInstanceAsync("Script", null, options)
        );
    }

    [Fact]
    public async Task Schedule_LiveIdWithoutDedupe_TerminatesAndReplacesIt()
    {
        await using var runtime = await TestRuntime.StartAsync(_rows, Scripts);
        await runtime.ScheduleAsync("wait", id: "a");

        await runtime.Client.ScheduleNewOrchestrationInstanceAsync(
            "Script",
            "new",
            new StartOrchestrationOptions("a") { Version = "end", DedupeStatuses = [] }
        );

        (await runtime.CompletionAsync("a")).ReadOutputAs<string>().ShouldBe("new");
    }

    [Fact]
    public async Task Schedule_LiveIdWithEventsOnTheirWay_WaitsForThemAndReplacesIt()
    {
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts()
                .Add("wait", async context => await context.WaitForExternalEvent<string>("go"))
                .Add("end", context => Task.FromResult(context.GetInput<string>()))
                .Add(
                    "send",
                    context =>
                    {
                        context.SendEvent("receiver", "go", "sent");
                        return context.WaitForExternalEvent<string>("never");
                    }
                )
        );
        await runtime.ScheduleAsync("wait", id: "receiver");
        runtime.Store.BeforeCommit = commit =>
            commit.Operations[0].Address.PartitionKey == InstanceKeys.Instance("receiver").PartitionKey ? release.Task : Task.CompletedTask;
        await runtime.ScheduleAsync("send", id: "a");

        Task replaced = runtime.Client.ScheduleNewOrchestrationInstanceAsync(
            "Script",
            "new",
            new StartOrchestrationOptions("a") { Version = "end", DedupeStatuses = [] }
        );
        await runtime.Client.RaiseEventAsync("a", "never", "too late");
        var commits = runtime.Store.Commits;
        await runtime.Client.RaiseEventAsync("a", "never", "too late");
        replaced.IsCompleted.ShouldBeFalse();
        (runtime.Store.Commits - commits).ShouldBeLessThan(3);
        release.SetResult();

        await replaced.WaitAsync(Waiting.Patience);
        (await runtime.CompletionAsync("a")).ReadOutputAs<string>().ShouldBe("new");
        (await runtime.CompletionAsync("receiver")).ReadOutputAs<string>().ShouldBe("sent");
    }

    [Fact]
    public async Task Schedule_UnknownOrchestrator_IsRefused()
    {
        await using var runtime = await TestRuntime.StartAsync(_rows, Scripts);

        await Should.ThrowAsync<ArgumentException>(runtime.Client.ScheduleNewOrchestrationInstanceAsync("Nobody"));
    }

    [Fact]
    public async Task Schedule_StartAt_BeginsThenAlsoAfterARestart()
    {
        var startAt = new ManualTimeProvider().GetUtcNow() + TimeSpan.FromDays(2);
        string id;
        await using (var first = await TestRuntime.StartAsync(_rows, Scripts))
        {
            id = await first.ScheduleAsync("end", "x", startAt: startAt);
            (await first.Client.GetInstanceAsync(id))!.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Pending);
        }

        await using var second = await TestRuntime.StartAsync(_rows, Scripts);
        second.Clock.AdvanceTo(startAt - TimeSpan.FromMilliseconds(1));
        (await second.Client.GetInstanceAsync(id))!.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Pending);
        second.Clock.AdvanceTo(startAt);

        var ended = await second.CompletionAsync(id);
        ended.ReadOutputAs<string>().ShouldBe("x");
        ended.LastUpdatedAt.ShouldBe(startAt);
    }
}
