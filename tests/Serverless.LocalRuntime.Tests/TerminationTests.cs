using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.LocalRuntime.Instances;
using Serverless.LocalRuntime.Tests.Fixtures;
using Serverless.Storage;
using Serverless.Testing;

namespace Serverless.LocalRuntime.Tests;

/// <summary>Terminations that meet what is just being started: nothing may be left that nobody finds.</summary>
public sealed class TerminationTests
{
    private readonly MemoryRowStore _rows = new();

    [Fact]
    public async Task Terminate_ChildIsBeingStarted_IsDoneWhenTheChildIsStored()
    {
        TaskCompletionSource starting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool? stored = null;
        await using var runtime = await TestRuntime.StartAsync(_rows, Family(1));
        runtime.Store.BeforeCommit = async commit =>
        {
            if (IsOf(commit, "run-child0"))
            {
                starting.TrySetResult();
                await release.Task;
            }
            else if (starting.Task.IsCompleted && IsOf(commit, "run"))
            {
                stored = await _rows.GetAsync(InstanceKeys.Instance("run-child0")) is not null;
            }
        };
        await runtime.ScheduleAsync("parent", id: "run");
        await starting.Task;

        var terminated = runtime.Client.TerminateInstanceAsync("run");
        for (var i = 0; i < 20; i++)
        {
            await runtime.RunAsync<int>("end");
        }

        release.SetResult();
        await terminated;

        stored.ShouldBe(true);
        (await IdsAsync(runtime, "run-child")).ShouldContain("run-child0");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Terminate_ChildThatIsNotStoredYet_NeverBeginsAndPurgeLeavesNothing(bool recursive)
    {
        var refused = 0;
        var scripts = Family(1);
        await using var runtime = await TestRuntime.StartAsync(_rows, scripts);

        // The first attempt to store the child fails; until the next one, both its start and its termination wait.
        runtime.Store.BeforeCommit = commit =>
        {
            if (IsOf(commit, "run-child0") && refused++ == 0)
            {
                runtime.Store.RefuseNext(1);
            }

            return Task.CompletedTask;
        };
        await runtime.ScheduleAsync("parent", id: "run");
        var retry = await runtime.Clock.WaitForTimerAsync(TimeSpan.FromMinutes(1)).WaitAsync(Waiting.Patience);
        var terminated = runtime.Client.TerminateInstanceAsync("run-child0", new TerminateInstanceOptions("stop", Recursive: recursive));
        runtime.Clock.AdvanceTo(retry);
        await terminated;

        (await runtime.Client.PurgeInstanceAsync("run-child0")).PurgedInstanceCount.ShouldBe(1);
        var parent = await runtime.CompletionAsync("run");
        parent.FailureDetails!.InnerFailure!.ErrorType.ShouldBe("Terminated");
        (await runtime.Client.PurgeInstanceAsync("run")).PurgedInstanceCount.ShouldBe(1);
        await runtime.LiveAsync(0);

        // Its code ran at the attempt that was not stored, and has had no effect.
        scripts.Notes.ShouldBe(["run-child0"]);
        _rows.Count("instances").ShouldBe(0);
        _rows.Count("openinstances").ShouldBe(0);
    }

    [Fact]
    public async Task Terminate_RecursiveInTheTurnThatStartsAChild_TheChildIsNotStarted()
    {
        TaskCompletionSource<string?> work = new();
        var scripts = Family(1);
        scripts.Work = (_, _) => work.Task;
        scripts.Add(
            "late parent",
            async context =>
            {
                await context.CallActivityAsync<string>("Work");
                return await context.CallSubOrchestratorAsync<string>("Script", null, Child("run-child0"));
            }
        );
        await using var runtime = await TestRuntime.StartAsync(_rows, scripts);
        await runtime.ScheduleAsync("late parent", id: "run");

        // The result of the activity is not stored at once, so that it is taken together with the termination.
        runtime.Store.RefuseNext(1);
        work.SetResult("x");
        var retry = await runtime.Clock.WaitForTimerAsync(TimeSpan.FromMinutes(1)).WaitAsync(Waiting.Patience);
        var terminated = runtime.Client.TerminateInstanceAsync("run", new TerminateInstanceOptions(Recursive: true));
        runtime.Clock.AdvanceTo(retry);
        await terminated;
        await runtime.LiveAsync(0);

        (await IdsAsync(runtime, "run")).ShouldBe(["run"]);
        scripts.Notes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Terminate_InTheTurnThatContinuesAsNew_EndsTheInstance()
    {
        TaskCompletionSource<string?> work = new();
        var scripts = Family(0);
        scripts.Work = (_, _) => work.Task;
        scripts.Add(
            "again",
            async context =>
            {
                await context.CallActivityAsync<string>("Work");
                context.ContinueAsNew("again");
                return "";
            }
        );
        await using var runtime = await TestRuntime.StartAsync(_rows, scripts);
        await runtime.ScheduleAsync("again", id: "run");

        // The result of the activity is not stored at once, so that it is taken together with the termination.
        runtime.Store.RefuseNext(1);
        work.SetResult("x");
        var retry = await runtime.Clock.WaitForTimerAsync(TimeSpan.FromMinutes(1)).WaitAsync(Waiting.Patience);
        var terminated = runtime.Client.TerminateInstanceAsync("run");
        runtime.Clock.AdvanceTo(retry);
        await terminated;
        await runtime.LiveAsync(0);

        (await runtime.Client.GetInstanceAsync("run"))!.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Terminated);
    }

    /// <summary>As the deletion of a run does it: ends what is found below a prefix and deletes it, until nothing is found.</summary>
    [Fact]
    public async Task TerminateAndPurge_ByPrefixWhileChildrenAreStarted_LeaveNothing()
    {
        await using var runtime = await TestRuntime.StartAsync(_rows, Family(40));
        var other = await runtime.ScheduleAsync("end", id: "ruo");
        await runtime.ScheduleAsync("parent", id: "run");
        OrchestrationQuery query = new(InstanceIdPrefix: "run", PageSize: 7);

        List<OrchestrationMetadata> found;
        do
        {
            found = await runtime.Client.GetAllInstancesAsync(query).ToListAsync();
            foreach (var instance in found)
            {
                if (!instance.IsCompleted)
                {
                    await runtime.Client.TerminateInstanceAsync(instance.InstanceId);
                }

                (await runtime.Client.PurgeInstanceAsync(instance.InstanceId)).PurgedInstanceCount.ShouldBe(1);
            }
        } while (found.Count > 0);

        await runtime.LiveAsync(0);
        (await IdsAsync(runtime, string.Empty)).ShouldBe([other]);
        _rows.All("instances").ShouldAllBe(row => row.PartitionKey == other);
        _rows.Count("openinstances").ShouldBe(0);
    }

    /// <summary>A parent whose children wait, each with a child of its own that waits too; who begins makes a note.</summary>
    private static Scripts Family(int children)
    {
        var scripts = new Scripts().Add("end", _ => Task.FromResult(1));
        scripts.Add(
            "parent",
            context =>
                Task.WhenAll(
                    Enumerable
                        .Range(0, children)
                        .Select(i => context.CallSubOrchestratorAsync<string>("Script", null, Child($"run-child{i}")))
                )
        );
        scripts.Add(
            "child",
            async context =>
            {
                scripts.Notes.Enqueue(context.InstanceId);
                return context.InstanceId.EndsWith("child0", StringComparison.Ordinal)
                    ? await context.CallSubOrchestratorAsync<string>("Script", null, Child($"{context.InstanceId}-child"))
                    : await context.WaitForExternalEvent<string>("go");
            }
        );
        return scripts;
    }

    private static SubOrchestrationOptions Child(string id) => new(new TaskOptions { Version = "child" }, id);

    private static bool IsOf(RowCommit commit, string id) => commit.Operations[0].Address.PartitionKey == id;

    private static async Task<List<string>> IdsAsync(TestRuntime runtime, string prefix) =>
        await runtime
            .Client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: prefix))
            .Select(instance => instance.InstanceId)
            .ToListAsync();
}
