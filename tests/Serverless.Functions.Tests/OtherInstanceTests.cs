using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Functions.TaskRuns;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Runs;

namespace Serverless.Functions.Tests;

/// <summary>
/// Task code runs on one instance of the app, while another one stops its run: the token is cancelled within five seconds.
/// </summary>
public sealed class OtherInstanceTests
{
    private static readonly TimeSpan FiveSeconds = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData("cancel")]
    [InlineData("force")]
    [InlineData("delete")]
    public async Task Stop_OnAnotherInstance_CancelsTheTokens(string how)
    {
        await using var app = await EmbeddedApp.StartAsync(watch: true);
        await using OtherInstance other = new(app);
        var id = await app.RunAsync(async flow => (await flow.Map([1, 2, 3], (Work work, int number) => work.HoldAsync(number))).Length);
        await app.WhenExecutedAsync("hold", 3);
        var stopped = app.Clock.GetUtcNow();

        await (
            how switch
            {
                "cancel" => other.Control.CancelAsync(id),
                "force" => other.Gate.ProposeFlowRunStateAsync(id, ProposedStates.Crashed("by hand"), TransitionOrigin.Client, force: true),
                _ => (Task)other.Runs.DeleteAsync(id),
            }
        );
        await TellAsync(app, "told 1", "told 2", "told 3");

        (app.Clock.GetUtcNow() - stopped).ShouldBeLessThanOrEqualTo(FiveSeconds);
    }

    [Fact]
    public async Task SetState_OnAnotherInstance_CancelsTheTokenAndTheFlowGoesOn()
    {
        await using var app = await EmbeddedApp.StartAsync(watch: true);
        await using OtherInstance other = new(app);
        var id = await app.RunAsync(async flow =>
        {
            var held = await Task.WhenAll(StateOfAsync(flow, 1), StateOfAsync(flow, 2));
            return held[0] + held[1];
        });
        await app.WhenExecutedAsync("hold", 2);
        var ended = (await app.TaskRunsAsync(id)).Single(task => task.DynamicKey == "0");
        var stopped = app.Clock.GetUtcNow();

        (await other.Gate.SetTaskRunStateAsync(ended.Id, ProposedStates.Cancelled("by hand")))!.Status.ShouldBe(SetStateStatus.Accept);
        await TellAsync(app, "told 1");
        (app.Clock.GetUtcNow() - stopped).ShouldBeLessThanOrEqualTo(FiveSeconds);

        // The other one of them is left alone.
        app.Probe.Count("told 2").ShouldBe(0);
        app.Probe.Open("hold");
        var run = await app.WhenFinalAsync(id);
        run.StateType.ShouldBe(StateType.Completed, run.State!.Message);
        (await app.ResultAsync(id)).ShouldBe("2");
        (await app.TaskStatesAsync(ended.Id)).ShouldBe("Pending Running Cancelled");
        await app.ShouldSettleAsync(id);

        static async Task<int> StateOfAsync(Flows.FlowContext flow, int number) =>
            (await flow.Submit((Work work) => work.HoldAsync(number)).WaitForStateAsync()).IsCancelled ? 0 : number;
    }

    [Fact]
    public async Task SetState_OfATaskThatDoesNotHeedItsToken_TheFlowGoesOnWithoutItAfterTheGrace()
    {
        await using var app = await EmbeddedApp.StartAsync(watch: true);
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.PersistAsync(1)));
        await app.WhenExecutedAsync("persist 1");
        var task = await app.TaskRunAsync(id);

        (await app.Gate.SetTaskRunStateAsync(task.Id, ProposedStates.Failed("by hand")))!.Status.ShouldBe(SetStateStatus.Accept);
        var run = await app.DriveAsync(id);

        run.StateType.ShouldBe(StateType.Failed);
        app.Probe.Count("persisted 1").ShouldBe(0);
        app.Probe.Open("hold");
        await app.WhenExecutedAsync("persisted 1");
        (await app.TaskStatesAsync(task.Id)).ShouldBe("Pending Running Failed");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task SetState_AttemptEndedOnce_TheNextAttemptIsLeftAlone()
    {
        await using var app = await EmbeddedApp.StartAsync(watch: true);
        await using OtherInstance other = new(app);
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)));
        await app.WhenExecutedAsync("hold 1");
        var task = await app.TaskRunAsync(id);

        await other.Gate.SetTaskRunStateAsync(task.Id, ProposedStates.Scheduled(), force: true);
        await TellAsync(app, "told 1");
        await app.WhenExecutedAsync("hold 1", 2);
        await AdvanceAsync(app, 3);
        app.Probe.Count("told 1").ShouldBe(1);

        app.Probe.Open("hold");
        (await app.WhenFinalAsync(id)).StateType.ShouldBe(StateType.Completed);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Pause_OnAnotherInstance_LetsTheTaskGoOn()
    {
        await using var app = await EmbeddedApp.StartAsync(watch: true);
        await using OtherInstance other = new(app);
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)));
        await app.WhenExecutedAsync("hold 1");

        (await other.Control.PauseAsync(id, TimeSpan.FromHours(1)))!.Status.ShouldBe(SetStateStatus.Accept);
        await AdvanceAsync(app, 3);
        app.Probe.Open("hold");
        await app.WhenExecutedAsync("held 1");

        app.Probe.Count("told 1").ShouldBe(0);
    }

    [Fact]
    public async Task Look_TwoRunsWithManyAttempts_IsOneReadForEachRun()
    {
        await using var app = await EmbeddedApp.StartAsync(watch: true);
        for (var run = 0; run < 2; run++)
        {
            await app.RunAsync(async flow => (await flow.Map([1, 2, 3, 4, 5], (Work work, int number) => work.HoldAsync(number))).Length);
        }

        await app.WhenExecutedAsync("hold", 10);
        await AdvanceAsync(app, 1);
        await app.Clock.WaitForTimerAsync(RunningTaskRunsWatch.Interval);
        var before = app.Store.Reads;

        // The timer of the next look is set when this one is done.
        await AdvanceAsync(app, 1);
        await app.Clock.WaitForTimerAsync(RunningTaskRunsWatch.Interval);

        (app.Store.Reads - before).ShouldBe(2);
    }

    /// <summary>Moves the clock from look to look until the tasks have been told.</summary>
    private static async Task TellAsync(EmbeddedApp app, params string[] notes)
    {
        var end = app.Clock.GetUtcNow() + FiveSeconds;
        foreach (var note in notes)
        {
            while (app.Probe.Count(note) == 0)
            {
                var told = app.WhenExecutedAsync(note);
                var due = app.Clock.WaitForTimerAsync(RunningTaskRunsWatch.Interval);
                if (await Task.WhenAny(told, due) != due)
                {
                    continue;
                }

                // A token's callbacks run on threads of their own: after the last look in time, they are waited for.
                if (await due > end)
                {
                    await told;
                }
                else
                {
                    app.Clock.AdvanceTo(await due);
                }
            }
        }
    }

    private static async Task AdvanceAsync(EmbeddedApp app, int looks)
    {
        for (var look = 0; look < looks; look++)
        {
            app.Clock.AdvanceTo(await app.Clock.WaitForTimerAsync(RunningTaskRunsWatch.Interval));
        }
    }
}
