using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;

namespace Serverless.Functions.Tests;

/// <summary>Flows whose code changes between two processes while their runs are open.</summary>
public sealed class ChangedFlowTests
{
    [Fact]
    public async Task Call_OfAnotherTaskInPlaceOfACompletedOne_CrashesTheRunAndNamesBoth()
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        var id = await PausedAsync(app, flow => flow.RunAsync((Work work) => work.Do(1)));

        await RestartAsync(app, flow => flow.RunAsync((Work work) => work.Count("abc")));

        await ShouldNameAsync(app, id, "(#1) for '{0}.Do', but the code came to activity 'TaskRunActivity' (#1) for '{0}.Count'");
        app.Probe.Count("count").ShouldBe(0);
    }

    [Fact]
    public async Task Call_OfAnotherTaskInPlaceOfARunningOne_CrashesTheRun()
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)));
        await app.WhenExecutedAsync("hold 1");
        await app.Store.WhenQuietAsync();

        await RestartAsync(app, flow => flow.RunAsync((Work work) => work.PersistAsync(1)));

        await ShouldNameAsync(
            app,
            id,
            "(#1) for '{0}.HoldAsync', but the code came to activity 'TaskRunActivity' (#1) for '{0}.PersistAsync'"
        );
        app.Probe.Count("persist 1").ShouldBe(0);
    }

    [Fact]
    public async Task Call_OfAnotherTaskInPlaceOfOneThatAwaitsItsRetry_CrashesTheRun()
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        var id = await app.RunAsync(flow =>
            flow.RunAsync((Work work) => work.Fail(1), new CallOptions { Retries = 1, RetryDelays = [TimeSpan.FromHours(1)] })
        );
        await app.WhenAsync(async () => (await app.TaskRunsAsync(id)) is [{ StateName: StateNames.AwaitingRetry }], "the retry");
        await app.Store.WhenQuietAsync();

        await RestartAsync(app, flow => flow.RunAsync((Work work) => work.Count("abc")));

        await ShouldNameAsync(app, id, "(#1) for '{0}.Fail', but the code came to activity 'TaskRunActivity' (#1) for '{0}.Count'");
        app.Probe.Count("count").ShouldBe(0);
    }

    [Fact]
    public async Task Subflow_InPlaceOfAnother_CrashesTheRun()
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        var id = await PausedAsync(app, flow => flow.RunAsync(() => Scripts.Count(1)));

        await RestartAsync(app, flow => flow.RunAsync(() => Scripts.Label(1)));

        await ShouldNameAsync(app, id, "(#1) for '{1}.Count', but the code came to activity 'BeginSubflow' (#1) for '{1}.Label'");
    }

    [Fact]
    public async Task Map_OfAnotherTask_CrashesTheRun()
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        var numbers = Enumerable.Range(0, 150).ToArray();
        var id = await PausedAsync(app, async flow => (await flow.Map(numbers, (Work work, int number) => work.Do(number))).Length);

        await RestartAsync(app, async flow => (await flow.Map(numbers, (Work work, int number) => work.NamedAsync(number))).Length);

        await ShouldNameAsync(app, id, "it now calls {0}.NamedAsync, call");
    }

    [Fact]
    public async Task Map_OfMoreItems_CrashesTheRun()
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        var id = await PausedAsync(
            app,
            async flow => (await flow.Map(Enumerable.Range(0, 150), (Work work, int number) => work.Do(number))).Length
        );

        await RestartAsync(
            app,
            async flow => (await flow.Map(Enumerable.Range(0, 160), (Work work, int number) => work.Do(number))).Length
        );

        await ShouldNameAsync(app, id, "it now calls {0}.Do, calls 100 to 159 where the run's history has {0}.Do, calls 100 to 149.");
    }

    [Fact]
    public async Task Code_ThatMakesTheSameCalls_GoesOn()
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        var id = await PausedAsync(app, flow => flow.RunAsync((Work work) => work.Do(1)));

        await RestartAsync(app, flow => ThenPauseAsync(flow, async same => 10 * await same.RunAsync((Work work) => work.Do(1))));
        await app.Control.ResumeAsync(id);

        (await app.DriveAsync(id)).StateType.ShouldBe(StateType.Completed);
        (await app.ResultAsync(id)).ShouldBe("10");
        await app.ShouldSettleAsync(id);
    }

    /// <summary>A run that has made a step, and is paused: so the step is in its history.</summary>
    private static async Task<Guid> PausedAsync(EmbeddedApp app, Func<FlowContext, Task<int>> step)
    {
        var id = await app.RunAsync(flow => ThenPauseAsync(flow, step));
        await app.WhenAsync(id, StateNames.Paused);
        await app.Store.WhenQuietAsync();
        return id;
    }

    private static async Task<int> ThenPauseAsync(FlowContext flow, Func<FlowContext, Task<int>> step)
    {
        var result = await step(flow);
        await flow.PauseAsync(TimeSpan.FromHours(10), "wait");
        return result;
    }

    private static async Task RestartAsync(EmbeddedApp app, Func<FlowContext, Task<int>> changed)
    {
        await app.CrashAsync();
        app.Probe.Bodies["body-0"] = async flow => await changed(flow);
        await app.RestartAsync();
    }

    private static async Task ShouldNameAsync(EmbeddedApp app, Guid id, string difference)
    {
        if ((await app.GetAsync(id)).StateType == StateType.Paused)
        {
            // Something has to wake the orchestration: it replays then.
            await app.Control.ResumeAsync(id);
        }

        var run = await app.WhenSweptAsync(id);

        run.StateType.ShouldBe(StateType.Crashed, run.State!.Message);
        run.State!.Message.ShouldNotBeNull()
            .ShouldContain(string.Format(null, difference, typeof(Work).FullName, typeof(Scripts).FullName));
        await app.ShouldSettleAsync(id);
    }
}
