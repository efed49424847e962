using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Flows;
using Serverless.Functions.Engine;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Runs;

namespace Serverless.Functions.Tests;

/// <summary>Flows and tasks that return states.</summary>
public sealed class ReturnedStateTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Flow_ReturnsStatesOfWhichOneFailed_FailsWithThemAsItsResult()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunFreeAsync(ThreeOfWhichOneFails);

        var run = await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Failed");
        run.State!.Message.ShouldBe("1/3 states failed.");
        run.State.Data.ShouldBeNull();
        var states = JsonSerializer.Deserialize<RunState[]>((await app.ResultAsync(id)).ShouldNotBeNull(), FlowJson.Options)!;
        states.Select(state => state.Type).ShouldBe([RunStateType.Completed, RunStateType.Failed, RunStateType.Completed]);
        states[0].Result<int>().ShouldBe(1);
        states[1].Error()!.Message.ShouldBe("Task run encountered an exception InvalidOperationException: gate is closed");
        states[2].Result<int>().ShouldBe(2);
        foreach (var state in states)
        {
            var task = (await app.Get<TaskRunService>().GetAsync(state.RunId!.Value)).ShouldNotBeNull();
            var stored = JsonSerializer.SerializeToElement(state, FlowJson.Options).Deserialize(WireJson.TypeInfo<State>())!;
            task.StateId.ShouldBe(stored.Id);
            task.State!.Timestamp.ShouldBe(state.Timestamp!.Value);
            task.FlowRunId.ShouldBe(stored.StateDetails.FlowRunId);
        }

        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Flow_ReturnsCompletedStates_CompletesWithThemForItsParent()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.FreeBodies["children"] = async flow =>
            await flow.Map([3, 4], (Work work, int number) => work.Do(number)).WaitForStatesAsync();
        var id = await app.RunAsync(async flow =>
        {
            var subflow = await flow.Submit((Scripts scripts) => scripts.RunFreeAsync(flow, "children")).WaitForStateAsync();
            subflow.Message.ShouldBe("All states completed.");
            return subflow.Result<RunState[]>().Sum(state => state.Result<int>());
        });

        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe("7");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Parent_OfASubflowThatReturnedAFailedState_FailsWithTheFirstFailuresReason()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.FreeBodies["children"] = ThreeOfWhichOneFails;
        var id = await app.RunFreeAsync(flow => flow.RunAsync((Scripts scripts) => scripts.RunFreeAsync(flow, "children")));

        var run = await app.WhenFinalAsync(id);

        run.State!.Message.ShouldBe(
            "Flow run encountered an exception: FailedRunException: Flow 'free' ended as Failed: "
                + "Task run encountered an exception InvalidOperationException: gate is closed"
        );
        var mirror = await app.TaskRunAsync(id);
        mirror.State!.Message.ShouldBe("1/3 states failed.");
        (await app.Get<TaskRunService>().GetResultAsync(mirror.Id))!.Json.ShouldBe(
            await app.ResultAsync((await app.SubflowsAsync(id)).Single().Id)
        );
        await app.ShouldSettleAsync(id);
    }

    [Theory]
    [InlineData(StateType.Completed, "Done")]
    [InlineData(StateType.Failed, "Odd")]
    [InlineData(StateType.Cancelled, null)]
    [InlineData(StateType.Crashed, null)]
    public async Task Flow_ReturnsAFinalStateOfItsOwn_EndsInIt(StateType type, string? name)
    {
        await using var app = await EmbeddedApp.StartAsync();
        ProposedState made = new()
        {
            Type = type,
            Name = name,
            Message = "mine",
            StateDetails = new StateDetails { CacheKey = "k" },
        };
        var id = await app.RunFreeAsync(_ => Task.FromResult<object?>(made.ToRunState().WithResult(5)));

        var run = await app.WhenFinalAsync(id);

        run.State!.ToString().ShouldBe(made.ToString());
        run.State.StateDetails.CacheKey.ShouldBe("k");
        run.State.StateDetails.FlowRunId.ShouldBe(id);
        (await app.ResultAsync(id)).ShouldBe("5");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Flow_ReturnsAFailedState_IsRetriedAndLeavesNoResultBehind()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunFreeAsync(
            flow => Task.FromResult<object?>(flow.Run.RunCount == 1 ? RunState.Failed("not yet").WithResult("half") : null),
            Scripts.FreeAndRetried
        );
        var run = await app.WhenAsync(id, StateNames.AwaitingRetry);
        run.State!.Message.ShouldBe("not yet");
        (await app.ResultAsync(id)).ShouldBeNull();

        await app.DriveAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running AwaitingRetry Retrying Completed");
        (await app.ResultAsync(id)).ShouldBe("null");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Flow_RerunAfterAFailureWithAResult_LosesIt()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunFreeAsync(flow =>
            Task.FromResult<object?>(flow.Run.RunCount == 1 ? RunState.Failed().WithResult("half") : RunState.Failed("again"))
        );
        await app.WhenFinalAsync(id);
        (await app.ResultAsync(id)).ShouldBe("\"half\"");

        await app.Gate.ProposeFlowRunStateAsync(id, ProposedStates.Scheduled(), TransitionOrigin.Client);
        (await app.ResultAsync(id)).ShouldBeNull();
        await app.WhenFinalAsync(id);

        (await app.GetAsync(id)).State!.Message.ShouldBe("again");
        (await app.ResultAsync(id)).ShouldBeNull();
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Flow_ReturnsAScheduledState_RunsAgainWhenItIsDue()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var due = app.Clock.GetUtcNow() + Hour;
        var id = await app.RunFreeAsync(async flow =>
        {
            var number = await flow.RunAsync((Work work) => work.Do(1));
            return flow.Run.RunCount == 1 ? RunState.Scheduled(due, "later", "NotYet") : number;
        });
        await app.WhenAsync(id, "NotYet");

        var run = await app.DriveAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running NotYet Pending Running Completed");
        (await app.ResultAsync(id)).ShouldBe("1");
        run.RunCount.ShouldBe(2);
        app.Clock.GetUtcNow().ShouldBeGreaterThanOrEqualTo(due);
        app.Probe.Count("do 1").ShouldBe(1);
        await app.ShouldSettleAsync(id);
    }

    [Theory]
    [InlineData(false, "Scheduled Pending Running Paused Running Completed")]
    [InlineData(true, "Scheduled Pending Running Suspended Resuming Pending Running Completed")]
    public async Task Flow_ReturnsAPausedState_RunsAgainWhenItIsResumed(bool suspend, string states)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunFreeAsync(flow =>
            Task.FromResult<object?>(
                app.Probe.Executed.Count > 1 ? 5
                : suspend ? RunState.Suspended(key: "k")
                : RunState.Paused(key: "k")
            )
        );
        await app.WhenAsync(id, suspend ? StateNames.Suspended : StateNames.Paused);

        await app.Control.ResumeAsync(id);
        await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe(states);
        (await app.ResultAsync(id)).ShouldBe("5");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Flow_ReturnsAPausedStateThatNobodyResumes_FailsInTime()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunFreeAsync(flow => Task.FromResult<object?>(RunState.Paused(flow.UtcNow + Hour)));

        var run = await app.DriveAsync(id);

        run.State!.ToString().ShouldBe("Failed('The flow was paused and never resumed.')");
        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Paused Failed");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Subflow_ReturnsASuspendedState_FailsWithTheReason()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.FreeBodies["child"] = _ => Task.FromResult<object?>(RunState.Suspended());
        var id = await app.RunFreeAsync(async flow =>
            (await flow.Submit((Scripts scripts) => scripts.RunFreeAsync(flow, "child")).WaitForStateAsync()).Message
        );

        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe(
            "\"The flow returned the state Suspended(type=PAUSED), which was refused: Cannot suspend subflows.\""
        );
        await app.ShouldSettleAsync(id);
    }

    [Theory]
    [InlineData(StateType.Pending)]
    [InlineData(StateType.Running)]
    [InlineData(StateType.Cancelling)]
    public async Task Flow_ReturnsAStateThatEndsNothing_Fails(StateType type)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunFreeAsync(_ => Task.FromResult<object?>(new ProposedState { Type = type, Message = "on" }.ToRunState()));

        var run = await app.WhenFinalAsync(id);

        run.State!.Message.ShouldBe($"The flow returned the state {type}('on'): a flow run cannot end in it.");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Task_ReturnsAFailedState_IsRetriedAndFailsWithIt()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.TaskBodies["bad"] = _ => RunState.Failed("bad luck", "Unlucky").WithResult("13");
        var id = await app.RunFreeAsync(flow => flow.RunAsync((Work work) => work.Return("bad", null!)));

        var run = await app.DriveAsync(id);

        run.State!.Message.ShouldBe("Flow run encountered an exception: FailedRunException: Task 'return' ended as Unlucky: 13");
        var task = await app.TaskRunAsync(id);
        (await app.TaskStatesAsync(task.Id)).ShouldBe("Pending Running AwaitingRetry Retrying Unlucky");
        task.State!.Message.ShouldBe("bad luck");
        (await app.Get<TaskRunService>().GetResultAsync(task.Id))!.Json.ShouldBe("\"13\"");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Task_ReturnsAFailedStateThatMustNotBeRetried_FailsAtOnce()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.TaskBodies["bad"] = _ => RunState.Failed(retriable: false);
        var id = await app.RunFreeAsync(flow => flow.RunAsync((Work work) => work.Return("bad", null!)));

        await app.WhenFinalAsync(id);

        (await app.TaskStatesAsync((await app.TaskRunAsync(id)).Id)).ShouldBe("Pending Running Failed");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Task_ReturnsAScheduledState_RunsAgainWhenItIsDue()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var due = app.Clock.GetUtcNow() + Hour;
        app.Probe.TaskBodies["later"] = task => task.Attempt == 1 ? RunState.AwaitingRetry(due) : task.Attempt;
        var id = await app.RunFreeAsync(flow => flow.RunAsync((Work work) => work.Return("later", null!)));

        await app.DriveAsync(id);

        (await app.ResultAsync(id)).ShouldBe("2");
        (await app.TaskStatesAsync((await app.TaskRunAsync(id)).Id)).ShouldBe("Pending Running AwaitingRetry Retrying Completed");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Task_ReturnsAPausedState_Fails()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.TaskBodies["pause"] = _ => RunState.Paused();
        var id = await app.RunFreeAsync(flow => flow.RunAsync((Work work) => work.Return("pause", null!)));

        await app.DriveAsync(id);

        (await app.TaskRunAsync(id)).State!.Message.ShouldBe("The task returned the state Paused(): a task run cannot end in it.");
        await app.ShouldSettleAsync(id);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(12)]
    [InlineData(14)]
    public async Task Crash_AtAnyCommitOfAFlowThatReturnsAScheduledState_MovesOn(int commit)
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        var id = await app.RunFreeAsync(flow =>
            Task.FromResult<object?>(
                flow.Run.RunCount == 1 ? RunState.Scheduled(flow.UtcNow + TimeSpan.FromMinutes(10), name: "NotYet") : 5
            )
        );
        app.Store.CrashAfter = app.Store.Commits + commit;
        if (await app.DriveToCrashAsync(id) is null)
        {
            await app.RestartAsync();
        }

        app.Store.Survive();
        await app.DriveAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running NotYet Pending Running Completed");
        await app.ShouldSettleAsync(id);
    }

    [Theory]
    [InlineData("key")]
    [InlineData(null)]
    public async Task FinishFlowRun_RepeatedAfterTheResume_PausesNoSecondTime(string? key)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunFreeAsync(async flow =>
        {
            await flow.SleepAsync(TimeSpan.FromHours(1));
            return null;
        });
        await app.WhenExecutedAsync("body free-0");
        var finish = ActivatorUtilities.CreateInstance<FinishFlowRun>(app.Services);
        FinishFlowRunInput input = new(
            new FlowRunStart(id, 1),
            1,
            StateType.Paused,
            IfRunning: true,
            Details: Endings.Marked(ProposedStates.Paused(key: key), Guid.NewGuid())
        );

        var first = await finish.RunAsync(input, CancellationToken.None);
        var again = await finish.RunAsync(input, CancellationToken.None);
        await app.Control.ResumeAsync(id);
        var late = await finish.RunAsync(input, CancellationToken.None);

        first.RetryAt.ShouldNotBeNull();
        again.ShouldBe(first);
        late.RetryAt.ShouldNotBeNull();
        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Paused Running");
        app.Clock.Advance(TimeSpan.FromHours(1));
        await app.WhenFinalAsync(id);
    }

    [Fact]
    public async Task Flow_ReturnsTheSamePauseTwice_Fails()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunFreeAsync(_ => Task.FromResult<object?>(RunState.Paused(key: "k")));
        await app.WhenAsync(id, StateNames.Paused);

        await app.Control.ResumeAsync(id);
        var run = await app.WhenFinalAsync(id);

        run.State!.Message.ShouldBe("The flow returned the state Paused(), which was refused: This pause has already fired.");
        await app.ShouldSettleAsync(id);
    }

    private static async Task<object?> ThreeOfWhichOneFails(FlowContext flow)
    {
        TaskFuture<int>[] futures =
        [
            flow.Submit((Work work) => work.Do(1)),
            flow.Submit((Work work) => work.FailUntil("gate")),
            flow.Submit((Work work) => work.Do(2)),
        ];
        return await TaskFuture.WaitForStatesAsync(futures);
    }
}
