using DurableTask.Core.Exceptions;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.LocalRuntime.Instances;
using Serverless.LocalRuntime.Tests.Fixtures;
using Serverless.Testing;

namespace Serverless.LocalRuntime.Tests;

/// <summary>What clients do to instances: start, suspend, resume, terminate, restart, purge, list.</summary>
public sealed class LifecycleTests
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

        await replaced.WaitAsync(TimeSpan.FromSeconds(30));
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

    [Fact]
    public async Task Suspend_Events_AreHeldUntilResumed()
    {
        await using var runtime = await TestRuntime.StartAsync(_rows, Scripts);
        var id = await runtime.ScheduleAsync("wait");

        await runtime.Client.SuspendInstanceAsync(id, "lunch");
        await runtime.Client.RaiseEventAsync(id, "go", "x");
        (await runtime.Client.GetInstanceAsync(id))!.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Suspended);
        await runtime.Client.ResumeInstanceAsync(id);

        (await runtime.CompletionAsync(id)).ReadOutputAs<string>().ShouldBe("x");
    }

    [Fact]
    public async Task Suspend_TimerComesDue_FiresAtTheResume()
    {
        await using var runtime = await TestRuntime.StartAsync(
            _rows,
            new Scripts().Add(
                "sleep",
                async context =>
                {
                    await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
                    return "awake";
                }
            )
        );
        var id = await runtime.ScheduleAsync("sleep");
        await runtime.Client.SuspendInstanceAsync(id);
        runtime.Clock.Advance(TimeSpan.FromHours(1));
        await runtime.Client.RaiseEventAsync(id, "other");
        (await runtime.Client.GetInstanceAsync(id))!.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Suspended);
        await runtime.Client.ResumeInstanceAsync(id);

        (await runtime.CompletionAsync(id)).ReadOutputAs<string>().ShouldBe("awake");
    }

    [Fact]
    public async Task Terminate_Live_EndsWithTheOutput()
    {
        await using var runtime = await TestRuntime.StartAsync(_rows, Scripts);
        var id = await runtime.ScheduleAsync("wait");

        await runtime.Client.TerminateInstanceAsync(id, (object)"enough");

        var ended = (await runtime.Client.GetInstanceAsync(id, getInputsAndOutputs: true))!;
        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Terminated);
        ended.ReadOutputAs<string>().ShouldBe("enough");
        _rows.Count("openinstances").ShouldBe(0);
    }

    [Fact]
    public async Task Terminate_QueuedActivities_DoNotStart()
    {
        TaskCompletionSource<string?> work = new();
        TaskCompletionSource bothRun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = 0;
        Scripts scripts = new()
        {
            Work = (_, _) =>
            {
                if (Interlocked.Increment(ref started) == 2)
                {
                    bothRun.SetResult();
                }

                return work.Task;
            },
        };
        scripts.Add(
            "fan",
            context => Task.WhenAll(Enumerable.Range(0, 10).Select(i => context.CallActivityAsync<string>("Work", TestRuntime.Text(i))))
        );
        await using var runtime = await TestRuntime.StartAsync(_rows, scripts, configure: options => options.MaxConcurrentActivities = 2);
        var id = await runtime.ScheduleAsync("fan");
        await bothRun.Task;

        await runtime.Client.TerminateInstanceAsync(id);
        work.SetResult("late");
        var after = await runtime.ScheduleAsync("fan");
        await runtime.CompletionAsync(after);

        scripts.Worked.Count.ShouldBe(12);
    }

    [Fact]
    public async Task Terminate_Recursive_EndsTheChildrenFirst()
    {
        await using var runtime = await TestRuntime.StartAsync(_rows, Scripts);
        var id = await runtime.ScheduleAsync("parent");
        var child = await ChildAsync(runtime, id);

        await runtime.Client.TerminateInstanceAsync(id, new TerminateInstanceOptions("stop", Recursive: true));

        (await runtime.Client.GetInstanceAsync(child.InstanceId))!.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Terminated);
        (await runtime.Client.GetInstanceAsync(id))!.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Terminated);
    }

    [Fact]
    public async Task Purge_Ended_LeavesNothing()
    {
        await using var runtime = await TestRuntime.StartAsync(_rows, Scripts);
        var id = await runtime.ScheduleAsync("end", new string('ü', 1_000_000));
        (await runtime.CompletionAsync(id)).ReadOutputAs<string>()!.Length.ShouldBe(1_000_000);

        (await runtime.Client.PurgeInstanceAsync(id)).PurgedInstanceCount.ShouldBe(1);

        _rows.Count("instances").ShouldBe(0);
        (await runtime.Client.PurgeInstanceAsync(id)).PurgedInstanceCount.ShouldBe(0);
    }

    [Fact]
    public async Task Purge_Live_IsRefused()
    {
        await using var runtime = await TestRuntime.StartAsync(_rows, Scripts);
        var id = await runtime.ScheduleAsync("wait");

        (await Should.ThrowAsync<RpcException>(runtime.Client.PurgeInstanceAsync(id))).StatusCode.ShouldBe(StatusCode.FailedPrecondition);
    }

    [Fact]
    public async Task Purge_Recursive_TakesTheChildren()
    {
        await using var runtime = await TestRuntime.StartAsync(_rows, Scripts);
        var id = await runtime.ScheduleAsync("parent");
        var child = await ChildAsync(runtime, id);
        await runtime.Client.RaiseEventAsync(child.InstanceId, "go", "x");
        await runtime.CompletionAsync(id);

        (await runtime.Client.PurgeInstanceAsync(id, new PurgeInstanceOptions(Recursive: true))).PurgedInstanceCount.ShouldBe(2);

        _rows.Count("instances").ShouldBe(0);
    }

    [Fact]
    public async Task PurgeAll_Filter_TakesEndedOnesOfItsTime()
    {
        await using var runtime = await TestRuntime.StartAsync(_rows, Scripts);
        var start = runtime.Clock.GetUtcNow();
        await runtime.ScheduleAsync("end", "x", "old");
        await runtime.ScheduleAsync("wait", id: "live");
        runtime.Clock.Advance(TimeSpan.FromHours(1));
        await runtime.ScheduleAsync("end", "x", "new");

        (
            await runtime.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(null, start + TimeSpan.FromMinutes(30)))
        ).PurgedInstanceCount.ShouldBe(1);

        (await IdsAsync(runtime, new OrchestrationQuery())).ShouldBe(["live", "new"]);
    }

    [Fact]
    public async Task Query_StatusTimeAndPrefix_ArePaged()
    {
        await using var runtime = await TestRuntime.StartAsync(_rows, Scripts);
        for (var i = 0; i < 25; i++)
        {
            await runtime.ScheduleAsync(i % 5 == 0 ? "wait" : "end", "x", $"p{i:D2}");
        }

        await runtime.ScheduleAsync("end", "x", "q");

        (
            await IdsAsync(
                runtime,
                new OrchestrationQuery(InstanceIdPrefix: "p", Statuses: [OrchestrationRuntimeStatus.Running], PageSize: 3)
            )
        ).ShouldBe(["p00", "p05", "p10", "p15", "p20"]);
        (await IdsAsync(runtime, new OrchestrationQuery(CreatedFrom: runtime.Clock.GetUtcNow() + TimeSpan.FromSeconds(1)))).ShouldBeEmpty();
        var first = await runtime
            .Client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: "q", FetchInputsAndOutputs: true))
            .SingleAsync();
        first.ReadInputAs<string>().ShouldBe("x");
    }

    [Fact]
    public async Task Query_Prefix_TakesInAllIdsBehindItAndNoOthers()
    {
        await using var runtime = await TestRuntime.StartAsync(_rows, Scripts);
        string[] ids = ["p-", "p-1", "p-z", "p-\uFFFF", "p-\U0001F600"];
        foreach (var id in (string[])[.. ids, "p,", "p.", "p", "q"])
        {
            await runtime.ScheduleAsync("end", "x", id);
        }

        (await IdsAsync(runtime, new OrchestrationQuery(InstanceIdPrefix: "p-"))).ShouldBe(ids, ignoreOrder: true);
    }

    [Fact]
    public async Task Query_Prefix_AsksTheStoreOnceForAPage()
    {
        await using var runtime = await TestRuntime.StartAsync(_rows, Scripts);
        for (var i = 0; i < 30; i++)
        {
            await runtime.ScheduleAsync(i % 2 == 0 ? "wait" : "end", "x", $"{(i < 10 ? "p" : "q")}{i:D2}");
        }

        var queries = runtime.Store.Queries;
        (await IdsAsync(runtime, new OrchestrationQuery(InstanceIdPrefix: "p", PageSize: 4))).Count.ShouldBe(10);

        (runtime.Store.Queries - queries).ShouldBe(3);
    }

    [Fact]
    public async Task Restart_Ended_RunsAgainWithItsInput()
    {
        await using var runtime = await TestRuntime.StartAsync(_rows, Scripts);
        await runtime.ScheduleAsync("end", "x", "a");

        var other = await runtime.Client.RestartAsync("a", restartWithNewInstanceId: true);
        var same = await runtime.Client.RestartAsync("a");

        other.ShouldNotBe("a");
        same.ShouldBe("a");
        (await runtime.CompletionAsync(other)).ReadOutputAs<string>().ShouldBe("x");
        await Should.ThrowAsync<ArgumentException>(runtime.Client.RestartAsync("nobody"));
    }

    [Fact]
    public async Task WaitForCompletion_UnknownInstance_Throws()
    {
        await using var runtime = await TestRuntime.StartAsync(_rows, Scripts);

        await Should.ThrowAsync<InvalidOperationException>(runtime.Client.WaitForInstanceCompletionAsync("nobody"));
    }

    [Fact]
    public async Task Stop_Waiting_IsTold()
    {
        var runtime = await TestRuntime.StartAsync(_rows, Scripts);
        var id = await runtime.ScheduleAsync("wait");
        var completion = runtime.Client.WaitForInstanceCompletionAsync(id);

        await runtime.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(completion);
    }

    private static async Task<List<string>> IdsAsync(TestRuntime runtime, OrchestrationQuery query) =>
        await runtime.Client.GetAllInstancesAsync(query).Select(instance => instance.InstanceId).ToListAsync();

    private static Task<OrchestrationMetadata> ChildAsync(TestRuntime runtime, string parent) =>
        runtime.FoundAsync(instance => instance.InstanceId != parent);
}
