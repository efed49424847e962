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
