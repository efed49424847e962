using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Runs;

namespace Serverless.Functions.Tests;

/// <summary>Bodies that swallow the end of their run, and such as never wait: the run ends, and nothing goes on.</summary>
public sealed class EndlessBodyTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly Dictionary<string, Func<FlowContext, Task>> Waits = new(StringComparer.Ordinal)
    {
        ["task"] = flow => flow.RunAsync((Work work) => work.HoldAsync(1)),
        ["future"] = WaitForAFutureAsync,
        ["state"] = flow => flow.Submit((Work work) => work.HoldAsync(1)).WaitForStateAsync(),
        ["map"] = async flow => await flow.Map(Enumerable.Range(0, 3), (Work work, int number) => work.HoldAsync(number)),
        ["batches"] = async flow => await flow.Map(Enumerable.Range(0, 150), (Work work, int number) => work.HoldAsync(number)),
        ["sleep"] = flow => flow.SleepAsync(TimeSpan.FromDays(1)),
        ["pause"] = flow => flow.PauseAsync(TimeSpan.FromDays(1)),
        ["subflow"] = flow => flow.RunAsync((Scripts scripts) => scripts.RunAsync(flow, "holding")),
        ["any"] = flow => Task.WhenAny(flow.SleepAsync(TimeSpan.FromDays(1)), flow.RunAsync((Work work) => work.HoldAsync(1))),
    };

    public static TheoryData<string, string> Stops
    {
        get
        {
            TheoryData<string, string> stops = [];
            foreach (var wait in Waits.Keys)
            {
                foreach (var how in new[] { "cancel", "force", "time-out" })
                {
                    // The time of a paused run is not up: its pause has a time of its own.
                    if ((wait, how) != ("pause", "time-out"))
                    {
                        stops.Add(wait, how);
                    }
                }
            }

            return stops;
        }
    }

    [Theory]
    [MemberData(nameof(Stops))]
    public async Task Stop_BodyThatSwallowsEverything_EndsTheRun(string wait, string how)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await StartAsync(app, wait);

        var state = await StopAsync(app, id, how);
        var run = await app.DriveAsync(id);

        run.StateName.ShouldBe(state, run.State!.Message);
        await app.ShouldSettleAsync([id, .. (await app.SubflowsAsync(id)).Select(subflow => subflow.Id)]);
    }

    [Theory]
    [InlineData("task")]
    [InlineData("sleep")]
    [InlineData("future")]
    public async Task Stop_BodyThatSwallowsEverything_EndsTheRunAfterARestart(string wait)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await StartAsync(app, wait);
        app.Announcer.Loses = true;
        await app.Control.CancelAsync(id);

        await app.RestartAsync(Hour);
        var run = await app.DriveAsync(id);

        run.StateName.ShouldBe(StateNames.Cancelled);
        await app.ShouldSettleAsync(id);
    }

    [Theory]
    [InlineData("task")]
    [InlineData("sleep")]
    public async Task Delete_BodyThatSwallowsEverything_LeavesNothing(string wait)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await StartAsync(app, wait);

        await app.Runs.DeleteAsync(id);
        await app.SweepOutboxAsync();

        (await app.Client.GetInstanceAsync(Server.Outbox.OutboxEntry.InstanceIdOf(id, 1))).ShouldBeNull();
    }

    [Fact]
    public async Task Cancel_BodyThatUnwinds_RunsItsFinallyBlocks()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            try
            {
                return await flow.RunAsync((Work work) => work.HoldAsync(1));
            }
            finally
            {
                try
                {
                    await flow.RunAsync((Work work) => work.Do(1));
                }
                finally
                {
                    app.Probe.Note("unwound");
                }
            }
        });
        await app.WhenExecutedAsync("hold 1");

        await app.Control.CancelAsync(id);
        await app.WhenFinalAsync(id);

        app.Probe.Count("unwound").ShouldBe(1);
        app.Probe.Count("do 1").ShouldBe(0);
        await app.ShouldSettleAsync(id);
    }

    [Theory]
    [InlineData("clock")]
    [InlineData("nap")]
    [InlineData("future")]
    [InlineData("poll")]
    [InlineData("failure")]
    [InlineData("mistake")]
    public async Task Run_BodyThatNeverWaits_FailsWithTheReason(string kind)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            var future = flow.Submit((Work work) => work.Do(1));
            var failing = flow.Submit((Work work) => work.FailUntil("never"));
            await (kind == "future" ? future.WaitForStateAsync() : Task.CompletedTask);
            while (true)
            {
                await (
                    kind switch
                    {
                        "clock" => flow.UtcNow > DateTimeOffset.MaxValue.AddDays(-1) ? flow.SleepAsync(Hour) : Task.CompletedTask,
                        "nap" => flow.SleepAsync(TimeSpan.Zero),
                        "future" => future.WaitForStateAsync(),
                        "poll" => future.IsCompleted ? flow.SleepAsync(Hour) : Task.CompletedTask,
                        "failure" => SwallowAsync(async () => await failing),
                        _ => SwallowAsync(() => flow.RunAsync(() => NotATask())),
                    }
                );
            }
        });

        var run = await app.WhenFinalAsync(id);

        run.StateName.ShouldBe(StateNames.Failed);
        run.State!.Message!.ShouldContain("The flow's body keeps running without waiting");
        await app.ShouldSettleAsync(id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_BodyThatComputesForEver_EndsWithTheReason(bool cancel)
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true, turnTimeout: TimeSpan.FromSeconds(30));
        var id = await app.RunAsync(flow =>
        {
            app.Probe.Note("spinning");
            while (!app.Probe.IsOpen("spin"))
            {
                Thread.Yield();
            }

            return Task.FromResult(1);
        });
        await app.WhenExecutedAsync("spinning");
        if (cancel)
        {
            await app.Control.CancelAsync(id);
        }

        var run = await app.DriveAsync(id);

        run.StateName.ShouldBe(cancel ? StateNames.Cancelled : StateNames.Crashed);
        run.State!.Message.ShouldBe(
            "The orchestration of the run has ended before the run: Orchestrator 'FlowRunOrchestrator' has computed for 30 seconds "
                + "without waiting for anything. "
                + "Long work belongs in activities; a loop must wait for something that ends it."
        );
        app.Probe.Open("spin");
        await app.ShouldSettleAsync(id);
    }

    private static async Task<Guid> StartAsync(EmbeddedApp app, string wait)
    {
        app.Probe.Bodies["holding"] = flow => flow.RunAsync((Work work) => work.HoldAsync(1));
        var id = await app.RunAsync(
            async flow =>
            {
                while (true)
                {
                    await SwallowAsync(() => Waits[wait](flow));
                }
            },
            Scripts.Limited
        );

        // Timers of the engine itself may be there before the run has begun.
        await app.WhenAsync(id, wait == "pause" ? StateNames.Paused : StateNames.Running);
        await (
            wait switch
            {
                "sleep" => app.Clock.WaitForTimerAsync(TimeSpan.FromDays(2)).WaitAsync(EmbeddedApp.Patience),
                "pause" => Task.CompletedTask,
                _ => app.WhenExecutedAsync("hold"),
            }
        );
        return id;
    }

    /// <summary>Stops the run; gives the name of the state in which it has to end.</summary>
    private static async Task<string> StopAsync(EmbeddedApp app, Guid id, string how)
    {
        switch (how)
        {
            case "cancel":
                await app.Control.CancelAsync(id);
                return StateNames.Cancelled;
            case "force":
                await app.Gate.ProposeFlowRunStateAsync(id, ProposedStates.Crashed("by hand"), TransitionOrigin.Client, force: true);
                return StateNames.Crashed;
            default:
                await app.AdvanceToTimerAsync(TimeSpan.FromSeconds(300));
                return StateNames.TimedOut;
        }
    }

    private static async Task WaitForAFutureAsync(FlowContext flow)
    {
        var future = flow.Submit((Work work) => work.HoldAsync(1));
        while (true)
        {
            await SwallowAsync(async () => await future);
        }
    }

    private static async Task SwallowAsync(Func<Task> wait)
    {
        try
        {
            await wait();
        }
#pragma warning disable CA1031, RCS1075 // That is what these bodies are about.
        catch (Exception)
#pragma warning restore CA1031, RCS1075
        { }
    }

    private static int NotATask() => 0;
}
