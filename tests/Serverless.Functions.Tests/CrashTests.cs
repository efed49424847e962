using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Flows.Hosting;
using Serverless.Functions.Tests.Fixtures;
using Xunit.Abstractions;

namespace Serverless.Functions.Tests;

/// <summary>The process dies after each commit in turn; what the next one makes of it must not depend on which.</summary>
public sealed class CrashTests(ITestOutputHelper output) : CrashesAtEveryCommit(output)
{
    [Fact]
    public async Task Crash_AtEveryCommitOfTasksSleepAndMap_EndsTheSame()
    {
        var crashes = await CrashEverywhereAsync(
            Scripts.Plain,
            Steps,
            async (app, id) =>
            {
                (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Completed");
                (await app.ResultAsync(id)).ShouldBe("18");
                (await app.GetAsync(id)).RunCount.ShouldBe(1);
                var tasks = await app.TaskRunsAsync(id);
                tasks.Count.ShouldBe(7);
                foreach (var task in tasks)
                {
                    (await app.TaskStatesAsync(task.Id)).ShouldBe("Pending Running Completed");
                    task.RunCount.ShouldBe(1);
                }

                foreach (var number in new[] { 1, 2, 10, 11, 12, 13, 14 })
                {
                    app.Probe.Count($"do {number}").ShouldBeInRange(1, 2);
                }
            }
        );
        crashes.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task Crash_AtEveryCommitOfRetryPauseAndSubflow_EndsTheSame()
    {
        var crashes = await CrashEverywhereAsync(
            Scripts.Retried,
            Detours,
            async (app, id) =>
            {
                (await app.StatesAsync(id)).ShouldBe(
                    "Scheduled Pending Running AwaitingRetry Retrying Suspended Resuming Pending Running Completed"
                );
                (await app.ResultAsync(id)).ShouldBe("6");
                (await app.GetAsync(id)).RunCount.ShouldBe(2);
                var subflow = (await app.SubflowsAsync(id)).ShouldHaveSingleItem();
                (await app.StatesAsync(subflow.Id)).ShouldBe("Scheduled Pending Running Completed");
                var tasks = await app.TaskRunsAsync(id);
                tasks.Count.ShouldBe(2);
                (await app.TaskStatesAsync(tasks.Single(task => task.Name == "counted-0").Id)).ShouldBe("Pending Running Completed");
                (await app.TaskStatesAsync(tasks.Single(task => task.Name == "fail-0").Id)).ShouldBe(
                    "Pending Running AwaitingRetry Retrying Completed"
                );
                app.Probe.Count("attempt 1").ShouldBeInRange(1, 2);
                app.Probe.Count("attempt 2").ShouldBeInRange(1, 2);
            }
        );
        crashes.ShouldBeGreaterThan(30);
    }

    [Fact]
    public async Task Crash_AtEveryCommitOfTasksThatMakeAssets_RecordsEachOnce()
    {
        var crashes = await CrashEverywhereAsync(Scripts.Plain, AssetTests.FromTableToTotalAsync, AssetTests.ShouldHaveLineageAsync);
        crashes.ShouldBeGreaterThan(15);
    }

    [Fact]
    public async Task Crash_AtEveryCommitOfCachedTasks_EndsTheSame()
    {
        var crashes = await CrashEverywhereAsync(
            Scripts.Plain,
            Remembers,
            async (app, id) =>
            {
                (await app.ResultAsync(id)).ShouldBe("25");
                var tasks = await app.TaskRunsAsync(id);
                (await app.TaskStatesAsync(tasks.Single(task => task.Name == "square-0").Id)).ShouldBe("Pending Running Completed");
                (await app.TaskStatesAsync(tasks.Single(task => task.Name == "square-1").Id)).ShouldBe("Pending Cached");
                (await app.TaskStatesAsync(tasks.Single(task => task.Name == "serial-0").Id)).ShouldBe("Pending Running Completed");
                app.Probe.Count("square 3").ShouldBeInRange(1, 2);
                app.Probe.Count("serial open").ShouldBeInRange(1, 2);
            }
        );
        crashes.ShouldBeGreaterThan(8);
    }

    [Fact]
    public async Task Crash_AtEveryCommitOfStoredResults_EndsTheSame()
    {
        var crashes = await CrashEverywhereAsync(
            Scripts.Plain,
            Stores,
            async (app, id) =>
            {
                (await app.ResultAsync(id)).ShouldBe("12");
                foreach (var task in await app.TaskRunsAsync(id))
                {
                    (await app.TaskStatesAsync(task.Id)).ShouldBe("Pending Running Completed");
                }

                app.Probe.Count("make 5").ShouldBeInRange(1, 2);
                app.ResultFolder.GetFiles("*", SearchOption.AllDirectories).Length.ShouldBe(2);
            }
        );
        crashes.ShouldBeGreaterThan(8);
    }

    [Fact]
    public async Task Crash_AtEveryCommitOfResultsThatAreNotKept_EndsTheSame()
    {
        var crashes = await CrashEverywhereAsync(
            ResultFlows.UnkeptAndRetried,
            KeepsNothing,
            async (app, id) =>
            {
                var run = await app.GetAsync(id);
                run.State!.Message.ShouldBeNull();
                run.StateType.ShouldBe(StateType.Completed);
                (await app.Runs.GetResultAsync(id))!.IsLost.ShouldBeTrue();
                (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Completed");
                foreach (var task in await app.TaskRunsAsync(id))
                {
                    // If its value is lost with the answer, it runs again.
                    (await app.TaskStatesAsync(task.Id)).ShouldBeOneOf(
                        "Pending Running Completed",
                        "Pending Running Completed Running Completed"
                    );
                }

                app.Probe.Count("secret 5").ShouldBeInRange(1, 2);
                var subflows = await app.SubflowsAsync(id);
                subflows.Count.ShouldBeInRange(1, 2);
                foreach (var subflow in subflows)
                {
                    (await app.StatesAsync(subflow.Id)).ShouldBe("Scheduled Pending Running Completed");
                    (await app.Runs.GetResultAsync(subflow.Id))!.IsLost.ShouldBeTrue();
                }
            },
            flows: typeof(ResultFlows)
        );
        crashes.ShouldBeGreaterThan(8);
    }

    [Fact]
    public async Task Crash_AtEveryCommitOfStoredResultsOfFlows_EndsTheSame()
    {
        var crashes = await CrashEverywhereAsync(
            Scripts.Plain,
            async flow =>
            {
                var text = flow.Submit(() => ResultFlows.LargeAsync(flow, 7));
                return (await flow.RunAsync(() => ResultFlows.Text(5))).Length
                    + await flow.RunAsync((StoringWork work) => work.Length(text.AsArgument()));
            },
            async (app, id) =>
            {
                (await app.ResultAsync(id)).ShouldBe("12");
                foreach (var subflow in await app.SubflowsAsync(id))
                {
                    (await app.StatesAsync(subflow.Id)).ShouldBe("Scheduled Pending Running Completed");
                    StoredResult.Of(subflow.State!.Data).ShouldNotBeNull();
                }

                app.ResultFolder.GetFiles("*", SearchOption.AllDirectories).Length.ShouldBe(2);
            },
            flows: typeof(ResultFlows)
        );
        crashes.ShouldBeGreaterThan(12);
    }

    private static async Task<int> KeepsNothing(FlowContext flow)
    {
        var five = await flow.RunAsync((StoringWork work) => work.Secret(5));
        var six = await flow.RunAsync((Work work) => work.Do(five + 1));
        return five + six + await flow.RunAsync(() => ResultFlows.Number(7)) == 18
            ? 18
            : throw new InvalidOperationException("a value is another one");
    }

    [Fact]
    public async Task Crash_AtEveryCommitOfTheDeletionOfAVariable_GivesTheFirstAnswer()
    {
        var crashes = await CrashEverywhereAsync(
            Scripts.Plain,
            async flow =>
            {
                await flow.Variables.SetAsync("short-lived", 1, overwrite: true);
                var isDeleted = await flow.Variables.DeleteAsync("short-lived");
                return isDeleted && !await flow.Variables.DeleteAsync("short-lived") ? 1 : 0;
            },
            async (app, id) => (await app.ResultAsync(id)).ShouldBe("1")
        );
        crashes.ShouldBeGreaterThan(6);
    }

    private static async Task<int> Stores(FlowContext flow)
    {
        var five = flow.Submit((StoringWork work) => work.Make(5));
        var seven = await flow.RunAsync((StoringWork work) => work.Make(7));
        return seven.Length + await flow.RunAsync((StoringWork work) => work.Length(five.AsArgument()));
    }

    private static async Task<int> Remembers(FlowContext flow)
    {
        var first = await flow.RunAsync((CachedWork work) => work.Square(3));
        var second = await flow.RunAsync((CachedWork work) => work.Square(3));
        return first + second + await flow.RunAsync((CachedWork work) => work.SerialAsync("open"));
    }

    [Fact]
    public async Task Crash_AtEveryCommitOfAFlowAndTaskWithHooks_CallsEachAtLeastOnceWithOneKey()
    {
        var crashes = await CrashEverywhereAsync(
            HookedWork.Hooked,
            async flow => await flow.RunAsync((HookedWork work) => work.DoAsync(3, null!)) + (flow.Run.RunCount > 1 ? 0 : Fail()),
            async (app, id) =>
            {
                (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running AwaitingRetry Retrying Completed");
                await HooksAsync(app);
                foreach (var note in HookNotes)
                {
                    app.Probe.Count(note).ShouldBeInRange(1, 2);
                }

                // Two attempts; the crash may come while the hooks of both are under way.
                app.Probe.Count($"begin {Body}").ShouldBeInRange(2, 4);
                app.Probe.Executed.Where(note => note.StartsWith("key ", StringComparison.Ordinal)).Distinct().Count().ShouldBe(2);
                app.Probe.Executed.ShouldNotContain($"{Body} Failed");
            },
            HooksAsync,
            flows: typeof(HookedWork)
        );
        crashes.ShouldBeGreaterThan(30);
    }

    [Fact]
    public async Task Crash_AtEveryCommitOfAReceivedInput_TakesItOnce()
    {
        var crashes = await CrashEverywhereAsync(
            Scripts.Plain,
            async flow =>
            {
                var first = flow.Input.ReceiveAsync<int>(TimeSpan.FromDays(1));
                await flow.SleepAsync(TimeSpan.FromMinutes(1));
                await flow.Input.SendAsync(flow.Run.FlowRunId, 7);
                await flow.Input.SendAsync(flow.Run.FlowRunId, 8);
                return ((await first).Value * 10) + (await flow.Input.ReceiveAsync<int>()).Value;
            },
            async (app, id) =>
            {
                (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Completed");
                (await app.ResultAsync(id)).ShouldBe("78");
                (await app.Get<Server.Runs.RunInputs>().FilterAsync(id, new FlowRunInputQuery { Prefix = "", Limit = 10 })).Count.ShouldBe(
                    2
                );
            }
        );
        crashes.ShouldBeGreaterThan(15);
    }

    private static string[] HookNotes => ["begin do-0", "do-0 Completed with 3", $"{Body} Completed with 3"];

    /// <summary>Waits until the hooks have been called.</summary>
    private static async Task HooksAsync(EmbeddedApp app)
    {
        app.Probe.Open("hook");
        foreach (var note in HookNotes)
        {
            await app.WhenExecutedAsync(note);
        }

        await app.WhenExecutedAsync($"begin {Body}", times: 2);
        await app.WhenAsync(
            async () =>
                await app
                    .Client.GetAllInstancesAsync(new Microsoft.DurableTask.Client.OrchestrationQuery())
                    .AllAsync(instance => instance.IsCompleted),
            "the end of all orchestrations"
        );
    }

    private static async Task<int> Steps(FlowContext flow)
    {
        var sum = await flow.RunAsync((Work work) => work.Do(1)) + await flow.RunAsync((Work work) => work.Do(2));
        await flow.SleepAsync(TimeSpan.FromMinutes(1));
        var mapped = await flow.Map(Enumerable.Range(10, 5), (Work work, int number) => work.Do(number));
        return sum + mapped.Length + mapped[0];
    }

    private static async Task<int> Detours(FlowContext flow)
    {
        var attempts = await flow.RunAsync((Work work) => work.Fail(1));
        var counted = await flow.RunAsync(() => Scripts.Count(4));
        if (flow.Run.RunCount == 1)
        {
            throw new InvalidOperationException("the first attempt fails");
        }

        await flow.SuspendAsync(TimeSpan.FromHours(100));
        return attempts + counted;
    }
}
