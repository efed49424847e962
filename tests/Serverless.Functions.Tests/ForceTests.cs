using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Functions.Tests;

/// <summary>A state that is forced on a run of this app: whatever it is, the run moves on and nothing is left behind.</summary>
public sealed class ForceTests
{
    private const string Running = "Scheduled Pending Running";

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public Task Force_OnScheduledRun_MovesOn() => ShouldMoveOnAsync("Scheduled", () => SleepAsync, after: Hour);

    [Fact]
    public Task Force_OnSleepingRun_MovesOn() => ShouldMoveOnAsync(Running, () => SleepAsync);

    [Fact]
    public Task Force_OnRunWhoseTaskIsRunning_MovesOn() =>
        ShouldMoveOnAsync(Running, () => flow => flow.RunAsync((Work work) => work.LingerAsync()), note: "linger");

    [Fact]
    public Task Force_OnPausedRun_MovesOn() =>
        ShouldMoveOnAsync(
            $"{Running} Paused",
            () =>
                async flow =>
                {
                    await flow.PauseAsync(Hour);
                    return 1;
                }
        );

    [Fact]
    public Task Force_OnSuspendedRun_MovesOn() =>
        ShouldMoveOnAsync(
            $"{Running} Suspended",
            () =>
                async flow =>
                {
                    await flow.SuspendAsync(Hour);
                    return 1;
                }
        );

    [Fact]
    public Task Force_OnRunThatAwaitsItsRetry_MovesOn() => ShouldMoveOnAsync($"{Running} AwaitingRetry", FailOnce, Scripts.Retried);

    [Fact]
    public Task Force_OnCompletedRun_MovesOn() => ShouldMoveOnAsync($"{Running} Completed", () => _ => Task.FromResult(1));

    [Fact]
    public Task Force_OnFailedRun_MovesOn() => ShouldMoveOnAsync($"{Running} Failed", FailOnce);

    [Fact]
    public async Task Force_Running_RunsTheBodyAgainAndKeepsWhatCompleted()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            var done = await flow.RunAsync((Work work) => work.Do(1));
            return done + await flow.RunAsync((Work work) => work.HoldAsync(1));
        });
        await app.WhenExecutedAsync("hold 1");

        (await ForceAsync(app, id, StateType.Running)).Status.ShouldBe(SetStateStatus.Accept);
        await app.WhenExecutedAsync("told 1");
        await app.WhenExecutedAsync("hold 1", times: 2);
        app.Probe.Open("hold");
        await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe($"{Running} Running Completed");
        (await app.ResultAsync(id)).ShouldBe("2");
        app.Probe.Count("do 1").ShouldBe(1);
        await ShouldSettleAsync(app, id);
    }

    [Fact]
    public async Task Force_RunningSubflow_RunsAgainWithoutItsParent()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.Bodies["child"] = SleepAsync;
        var id = await app.RunAsync(async flow =>
        {
            try
            {
                return await flow.RunAsync((Scripts scripts) => scripts.RunAsync(flow, "child"));
            }
            catch (CancelledRunException)
            {
                return -1;
            }
        });
        await app.WhenExecutedAsync("body child");
        var child = (await app.SubflowsAsync(id)).ShouldHaveSingleItem().Id;

        await ForceAsync(app, child, StateType.Running);
        await app.WhenFinalAsync(id);
        var run = await app.DriveAsync(child);

        (await app.ResultAsync(id)).ShouldBe("-1");
        run.StateType.ShouldBe(StateType.Completed, await app.StatesAsync(child));
        await ShouldSettleAsync(app, id);
        await ShouldSettleAsync(app, child);
    }

    /// <summary>Forces each type on a run that has come so far.</summary>
    private static async Task ShouldMoveOnAsync(
        string states,
        Func<Func<FlowContext, Task<int>>> body,
        string flow = Scripts.Plain,
        TimeSpan? after = null,
        string? note = null
    )
    {
        await using var app = await EmbeddedApp.StartAsync();
        foreach (var type in Enum.GetValues<StateType>())
        {
            var notes = note is null ? 0 : app.Probe.Count(note);
            var id = await app.RunAsync(body(), flow, after);
            await app.WhenAsync(async () => await app.StatesAsync(id) == states, states);
            if (note is not null)
            {
                await app.WhenExecutedAsync(note, notes + 1);
            }

            var answer = await ForceAsync(app, id, type);
            var run = await app.DriveAsync(id);

            var history = $"{type}: {await app.StatesAsync(id)} ({run.State!.Message})";
            var isBypassed = type == StateType.Cancelling && answer.State!.Type == StateType.Cancelled;
            answer.Status.ShouldBe(isBypassed ? SetStateStatus.Reject : SetStateStatus.Accept, history);
            run.StateType.ShouldBe(
                type switch
                {
                    StateType.Cancelling => StateType.Cancelled,
                    _ when type.IsFinal() => type,
                    _ when note is not null => StateType.Failed,
                    _ => StateType.Completed,
                },
                history
            );
            await ShouldSettleAsync(app, id);
        }
    }

    private static async Task<GateAnswer> ForceAsync(EmbeddedApp app, Guid id, StateType type) =>
        (
            await app.Gate.ProposeFlowRunStateAsync(id, new ProposedState { Type = type }, TransitionOrigin.Client, force: true)
        ).ShouldNotBeNull();

    private static async Task ShouldSettleAsync(EmbeddedApp app, Guid id)
    {
        await app.ShouldSettleAsync(id);
        for (var generation = 1; generation < await app.Runs.GetGenerationAsync(id); generation++)
        {
            await app.Client.WaitForInstanceCompletionAsync(OutboxEntry.InstanceIdOf(id, generation)).WaitAsync(EmbeddedApp.Patience);
        }
    }

    private static async Task<int> SleepAsync(FlowContext flow)
    {
        await flow.SleepAsync(Hour);
        return 1;
    }

    /// <summary>A body that fails when it is run for the first time.</summary>
    private static Func<FlowContext, Task<int>> FailOnce()
    {
        var attempts = 0;
        return _ =>
            Interlocked.Increment(ref attempts) == 1 ? throw new InvalidOperationException("The first attempt fails.") : Task.FromResult(1);
    }
}
