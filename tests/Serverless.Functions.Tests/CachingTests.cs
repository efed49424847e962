using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Concurrency;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;

namespace Serverless.Functions.Tests;

/// <summary>Task runs that take the results of earlier ones.</summary>
public sealed class CachingTests
{
    private const string Ran = "Pending Running Completed";
    private const string Cached = "Pending Cached";

    [Fact]
    public async Task Task_SameInputsInAnotherFlowRun_TakesTheResultAndDoesNotRun()
    {
        await using var app = await EmbeddedApp.StartAsync();

        (await StatesAsync(app, flow => flow.RunAsync((CachedWork work) => work.Square(3)), "9")).ShouldBe([Ran]);
        (await StatesAsync(app, flow => flow.RunAsync((CachedWork work) => work.Square(3)), "9")).ShouldBe([Cached]);
        (await StatesAsync(app, flow => flow.RunAsync((CachedWork work) => work.Square(4)), "16")).ShouldBe([Ran]);

        app.Probe.Executed.ShouldBe(["body body-0", "square 3", "body body-1", "body body-2", "square 4"]);
    }

    [Fact]
    public async Task Task_CacheHit_TakesOneCommitWhereAnExecutionTakesTwo()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var executed = await CommitsAsync(app);

        (await CommitsAsync(app)).ShouldBe(executed - 1);

        app.Probe.Count("square 3").ShouldBe(1);
    }

    [Fact]
    public async Task Task_WithoutCache_HasNoKeyAndRuns()
    {
        await using var app = await EmbeddedApp.StartAsync();
        for (var run = 0; run < 2; run++)
        {
            var id = await app.RunAsync(flow => flow.RunAsync((CachedWork work) => work.Plain(3)));
            await app.WhenFinalAsync(id);
            (await app.TaskRunAsync(id)).State!.StateDetails.CacheKey.ShouldBeNull();
        }

        app.Probe.Count("plain 3").ShouldBe(2);
    }

    [Fact]
    public async Task Task_DefaultPolicy_IsCachedInItsOwnFlowRunOnly()
    {
        await using var app = await EmbeddedApp.StartAsync();

        (await StatesAsync(app, TwiceAsync, "18")).ShouldBe([Ran, Cached], ignoreOrder: true);
        (await StatesAsync(app, TwiceAsync, "18")).ShouldBe([Ran, Cached], ignoreOrder: true);

        app.Probe.Count("own 3").ShouldBe(2);

        static async Task<int> TwiceAsync(FlowContext flow) =>
            await flow.RunAsync((CachedWork work) => work.Own(3)) + await flow.RunAsync((CachedWork work) => work.Own(3));
    }

    [Fact]
    public async Task Task_FlowParameters_ArePartOfTheKey()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(CachedWork));
        app.Probe.Bodies["a"] = app.Probe.Bodies["b"] = flow => flow.RunAsync((CachedWork work) => work.OfFlow(3));
        foreach (var body in new[] { "a", "a", "b" })
        {
            await app.WhenFinalAsync(await app.CreateAsync(CachedWork.Parameterized, body));
        }

        app.Probe.Count("of-flow 3").ShouldBe(2);
    }

    [Fact]
    public async Task Task_ExpiredResult_RunsAgainAndIgnoredArgumentsDoNotCount()
    {
        await using var app = await EmbeddedApp.StartAsync();
        (await StatesAsync(app, flow => flow.RunAsync((CachedWork work) => work.Brief(3, "first")), "9")).ShouldBe([Ran]);
        app.Clock.Advance(TimeSpan.FromSeconds(59));
        (await StatesAsync(app, flow => flow.RunAsync((CachedWork work) => work.Brief(3, "second")), "9")).ShouldBe([Cached]);
        app.Clock.Advance(TimeSpan.FromSeconds(1));

        (await StatesAsync(app, flow => flow.RunAsync((CachedWork work) => work.Brief(3, "third")), "9")).ShouldBe([Ran]);

        app.Probe.Count("second").ShouldBe(0);
    }

    [Fact]
    public async Task Task_Refresh_RunsAndItsResultIsTakenFromThenOn()
    {
        await using var app = await EmbeddedApp.StartAsync();
        (await StatesAsync(app, flow => flow.RunAsync((CachedWork work) => work.Fresh(5)), "1")).ShouldBe([Ran]);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        (await StatesAsync(app, flow => flow.RunAsync((CachedWork work) => work.Fresh(5)), "2")).ShouldBe([Ran]);

        (await StatesAsync(app, flow => flow.RunAsync((CachedWork work) => work.Stale(5)), "2")).ShouldBe([Cached]);
    }

    [Fact]
    public async Task Task_KeyOfTheAuthor_DecidesAndMayRefuse()
    {
        await using var app = await EmbeddedApp.StartAsync();

        (await StatesAsync(app, flow => flow.RunAsync((CachedWork work) => work.Keyed(3)), "9")).ShouldBe([Ran]);
        (await StatesAsync(app, flow => flow.RunAsync((CachedWork work) => work.Keyed(13)), "9")).ShouldBe([Cached]);
        (await StatesAsync(app, flow => flow.RunAsync((CachedWork work) => work.Keyed(-3)), "9")).ShouldBe([Ran]);
        (await StatesAsync(app, flow => flow.RunAsync((CachedWork work) => work.Keyed(-3)), "9")).ShouldBe([Ran]);
    }

    [Fact]
    public async Task Task_KeyOfTheAuthorThrows_RunsUncachedAndTheLogSaysWhy()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync((CachedWork work) => work.Keyed(101)));

        (await app.WhenFinalAsync(id)).StateType.ShouldBe(StateType.Completed);

        var entry = (await app.LogsAsync(id)).Single(log => log.Message.Contains("cache key", StringComparison.Ordinal));
        entry.Message.ShouldContain("its result is not cached");
        entry.Message.ShouldContain("no key");
        (await app.TaskRunAsync(id)).State!.StateDetails.CacheKey.ShouldBeNull();
    }

    [Fact]
    public async Task CallOptions_Cache_ReplacesWhatTheTaskDeclares()
    {
        await using var app = await EmbeddedApp.StartAsync();
        CallOptions cached = new() { Cache = CachePolicy.Inputs + CachePolicy.TaskSource, CacheExpiration = TimeSpan.FromMinutes(1) };
        CallOptions none = new() { Cache = CachePolicy.None };
        CallOptions refresh = new() { RefreshCache = true };
        CallOptions keyed = new() { Cache = CachePolicy.Key(context => $"{context.Arguments["number"].GetInt32() % 2}") };

        (await StatesAsync(app, flow => flow.RunAsync((CachedWork work) => work.Plain(3), cached), "9")).ShouldBe([Ran]);
        (await StatesAsync(app, flow => flow.RunAsync((CachedWork work) => work.Plain(3), cached), "9")).ShouldBe([Cached]);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        (await StatesAsync(app, flow => flow.RunAsync((CachedWork work) => work.Plain(3), cached), "9")).ShouldBe([Ran]);
        (await StatesAsync(app, flow => flow.RunAsync((CachedWork work) => work.Square(3)), "9")).ShouldBe([Ran]);
        (await StatesAsync(app, flow => flow.RunAsync((CachedWork work) => work.Square(3), none), "9")).ShouldBe([Ran]);
        (await StatesAsync(app, flow => flow.RunAsync((CachedWork work) => work.Square(3), refresh), "9")).ShouldBe([Ran]);
        (await StatesAsync(app, flow => flow.RunAsync((CachedWork work) => work.Plain(1), keyed), "1")).ShouldBe([Ran]);
        (await StatesAsync(app, flow => flow.RunAsync((CachedWork work) => work.Plain(5), keyed), "1")).ShouldBe([Cached]);
    }

    [Fact]
    public async Task CallOptions_KeyOfAMapInBatches_IsEachItemsOwn()
    {
        await using var app = await EmbeddedApp.StartAsync();
        CallOptions keyed = new() { Cache = CachePolicy.Key(context => $"item {context.Arguments["number"].GetInt32()}") };
        async Task<int> MapAsync(FlowContext flow) =>
            (await flow.Map(Enumerable.Range(0, 120), (CachedWork work, int number) => work.Plain(number), keyed)).Length;

        (await StatesAsync(app, MapAsync, "120")).ShouldAllBe(states => states == Ran);
        (await StatesAsync(app, MapAsync, "120")).ShouldAllBe(states => states == Cached);
    }

    [Fact]
    public async Task Task_LargeResult_IsTakenToo()
    {
        await using var app = await EmbeddedApp.StartAsync();
        async Task<int> LengthAsync(FlowContext flow) => (await flow.RunAsync((CachedWork work) => work.Long(200_000))).Length;

        (await StatesAsync(app, LengthAsync, "200000")).ShouldBe([Ran]);
        (await StatesAsync(app, LengthAsync, "200000")).ShouldBe([Cached]);
    }

    [Fact]
    public async Task Task_FlowRunOfTheResultDeleted_RunsAgain()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var first = await app.RunAsync(flow => flow.RunAsync((CachedWork work) => work.Square(3)));
        await app.WhenFinalAsync(first);
        await app.Runs.DeleteAsync(first);

        (await StatesAsync(app, flow => flow.RunAsync((CachedWork work) => work.Square(3)), "9")).ShouldBe([Ran]);
    }

    [Fact]
    public async Task Task_ResultTakenAwayByForce_RunsAgain()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var first = await app.RunAsync(flow => flow.RunAsync((CachedWork work) => work.Square(3)));
        await app.WhenFinalAsync(first);
        var task = await app.TaskRunAsync(first);
        await app.Gate.ProposeTaskRunStateAsync(first, task.Id, ProposedStates.Failed("by hand"), TaskRunBasis.None, force: true);

        (await StatesAsync(app, flow => flow.RunAsync((CachedWork work) => work.Square(3)), "9")).ShouldBe([Ran]);
    }

    [Fact]
    public async Task Serializable_TwoAtOnce_OneRunsAndTheOtherTakesItsResult()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var first = await app.RunAsync(flow => flow.RunAsync((CachedWork work) => work.SerialAsync("gate")));
        await app.WhenExecutedAsync("serial gate");
        var second = await app.RunAsync(flow => flow.RunAsync((CachedWork work) => work.SerialAsync("gate")));
        await app.WhenAsync(async () => (await app.TaskRunsAsync(second)) is [{ StateType: StateType.Pending }], "one that waits");
        app.Probe.Open("gate");
        await app.DriveAsync(first);
        await app.DriveAsync(second);

        app.Probe.Count("serial gate").ShouldBe(1);
        (await app.ResultAsync(second)).ShouldBe("7");
        (await app.TaskStatesAsync((await app.TaskRunAsync(first)).Id)).ShouldBe(Ran);
        (await app.TaskStatesAsync((await app.TaskRunAsync(second)).Id)).ShouldBe(Cached);
        await app.ShouldSettleAsync(first, second);
    }

    [Fact]
    public async Task Serializable_FirstFails_TheNextOneRuns()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.Open("gate fails");
        var first = await app.RunAsync(flow => flow.RunAsync((CachedWork work) => work.SerialAsync("gate")));
        await app.WhenExecutedAsync("serial gate");
        var second = await app.RunAsync(flow => flow.RunAsync((CachedWork work) => work.SerialAsync("gate")));
        await app.WhenAsync(async () => (await app.TaskRunsAsync(second)) is [{ StateType: StateType.Pending }], "one that waits");
        app.Probe.Open("gate");
        await app.DriveAsync(first);
        await app.DriveAsync(second);

        app.Probe.Count("serial gate").ShouldBe(2);
        (await app.GetAsync(second)).StateType.ShouldBe(StateType.Failed);
    }

    [Fact]
    public async Task Serializable_FirstCancelled_TheNextOneRuns()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var first = await app.RunAsync(flow => flow.RunAsync((CachedWork work) => work.SerialAsync("gate")));
        await app.WhenExecutedAsync("serial gate");
        var second = await app.RunAsync(flow => flow.RunAsync((CachedWork work) => work.SerialAsync("gate")));
        await app.WhenAsync(async () => (await app.TaskRunsAsync(second)) is [{ StateType: StateType.Pending }], "one that waits");
        await app.Control.CancelAsync(first);
        await app.DriveAsync(first);
        app.Probe.Open("gate");
        await app.DriveAsync(second);

        (await app.ResultAsync(second)).ShouldBe("7");
        app.Probe.Count("serial gate").ShouldBe(2);
    }

    [Fact]
    public async Task Serializable_LockOfAnEndedRun_IsSweptAndThatOfARunningOneStays()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.Open("open");
        await app.WhenFinalAsync(await app.RunAsync(flow => flow.RunAsync((CachedWork work) => work.SerialAsync("open"))));
        var open = await app.RunAsync(flow => flow.RunAsync((CachedWork work) => work.SerialAsync("gate")));
        await app.WhenExecutedAsync("serial gate");
        (await LocksAsync(app)).ShouldBe(2);

        await app.Get<TaskLocks>().SweepAsync();

        (await LocksAsync(app)).ShouldBe(1);
        app.Probe.Open("gate");
        await app.DriveAsync(open);
    }

    private static async Task<int> LocksAsync(EmbeddedApp app) =>
        (await app.Store.QueryAsync(Serverless.Storage.RowRange.WholeTable("tasklocks"))).Rows.Count;

    private static async Task<int> CommitsAsync(EmbeddedApp app)
    {
        var before = app.Store.Commits;
        var id = await app.RunAsync(flow => flow.RunAsync((CachedWork work) => work.Square(3)));
        await app.WhenFinalAsync(id);
        await app.ShouldSettleAsync(id);
        return app.Store.Commits - before;
    }

    /// <summary>The names of the states of the task runs of a body that returns a value.</summary>
    private static async Task<string[]> StatesAsync(EmbeddedApp app, Func<FlowContext, Task<int>> body, string result)
    {
        var id = await app.RunAsync(body);
        (await app.WhenFinalAsync(id)).StateType.ShouldBe(StateType.Completed);
        (await app.ResultAsync(id)).ShouldBe(result);
        List<string> states = [];
        foreach (var task in await app.TaskRunsAsync(id))
        {
            states.Add(await app.TaskStatesAsync(task.Id));
        }

        return [.. states];
    }
}
