using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests;

public sealed class TaskFutureTests
{
    private readonly TestFlow _test = new();

    private FlowContext Flow => _test.Context;

    [Fact]
    public async Task Submit_FutureInArguments_WaitsAndRecordsUpstream()
    {
        var gate = Hold();
        var first = Flow.Submit(() => Steps.Add(1));
        var second = Flow.Submit(() => Steps.Add(first.AsArgument(), first.AsArgument() + 10));
        second.IsCompleted.ShouldBeFalse();
        _test.Engine.Tasks.Count.ShouldBe(1);

        gate.SetResult();
        (await second).ShouldBe(14);
        var run = (await first.WaitForStateAsync()).RunId!.Value;
        var upstream = _test.Engine.Tasks.Last().Upstream;
        upstream["left"].ShouldBe([run]);
        upstream["right"].ShouldBe([run]);
    }

    [Fact]
    public async Task Submit_VariableReassignedBeforeTheFutureIsDone_UsesItsValueAtTheCall()
    {
        var gate = Hold();
        var number = 1;
        var previous = Flow.Submit(() => Steps.Add(0, 0));
        for (; number <= 3; number++)
        {
            previous = Flow.Submit(() => Steps.Add(previous.AsArgument(), number));
        }

        gate.SetResult();
        (await previous).ShouldBe(6);
    }

    [Fact]
    public async Task Submit_ListOfFutures_WaitsForAll()
    {
        var gate = Hold();
        var mapped = Flow.Map([1, 2, 3], item => Steps.Add(item, 0));
        var list = new List<TaskFuture<int>> { mapped[0], mapped[2] };
        var all = Flow.Submit(() => Steps.Sum(mapped.AsArguments()));
        var some = Flow.Submit(() => Steps.Sum(list.Select(future => future.AsArgument()).ToList()));
        gate.SetResult();
        (await all).ShouldBe(6);
        (await some).ShouldBe(4);
        _test.Engine.Tasks.Single(task => task.Upstream.TryGetValue("numbers", out var runs) && runs.Count == 3).ShouldNotBeNull();
    }

    [Fact]
    public async Task Submit_FailedFutureInArguments_FailsWithTheFirstFailure()
    {
        var bad = Flow.Submit(() => Steps.Flaky(9));
        var next = Flow.Submit(() => Steps.Add(bad.AsArgument()));
        (await Should.ThrowAsync<FailedRunException>(async () => await next)).Name.ShouldBe("flaky");
        _test.Engine.Tasks.Count.ShouldBe(1);
    }

    [Fact]
    public async Task WaitForStateAsync_FailedTask_TellsWithoutThrowing()
    {
        var future = Flow.Submit(() => Steps.Flaky(9));

        var state = await future.WaitForStateAsync();

        state.Type.ShouldBe(RunStateType.Failed);
        state.Message.ShouldBe("no 3");
        state.Content.StateDetails.FlowRunId.ShouldBe(_test.Engine.Run.FlowRunId);
        state.RunId.ShouldNotBeNull();
        state.Error().ShouldBeOfType<FailedRunException>().RunId.ShouldBe(state.RunId);
        (await future.WaitForStateAsync()).ShouldBeSameAs(state);
    }

    [Fact]
    public async Task WaitForStateAsync_CompletedTask_HasTheValueAsData() =>
        (await Flow.Submit(() => Steps.Add(1)).WaitForStateAsync()).Result<int>().ShouldBe(2);

    [Fact]
    public async Task WaitForStateAsync_Subflow_NamesItsRun()
    {
        var state = await Flow.Submit(() => Subflows.Twice(Flow, 4)).WaitForStateAsync();

        state.Result<int>().ShouldBe(8);
        state.RunId.ShouldNotBeNull();
        state.Content.StateDetails.TaskRunId.ShouldBeNull();
    }

    [Fact]
    public async Task WaitForStateAsync_UpstreamFailed_IsNotReady()
    {
        var bad = Flow.Submit(() => Steps.Flaky(9));
        var next = Flow.Submit(() => Steps.Add(bad.AsArgument()));

        var state = await next.WaitForStateAsync();

        state
            .ToString()
            .ShouldBe(
                $"NotReady(\"Upstream task run '{(await bad.WaitForStateAsync()).RunId}' did not reach a 'COMPLETED' state.\", "
                    + "type=PENDING)"
            );
        state.Timestamp.ShouldBe(_test.Engine.UtcNow);
    }

    [Fact]
    public async Task WaitForStateAsync_Map_GivesAllStatesInOrder()
    {
        var mapped = await Flow.Map([1, 2], item => Steps.Add(item)).WaitForStatesAsync();
        mapped.Select(state => state.Result<int>()).ShouldBe([2, 3]);

        var nothing = await Flow.Map([1, -2], item => Steps.Nothing(item)).WaitForStatesAsync();
        nothing.Select(state => state.Type).ShouldBe([RunStateType.Completed, RunStateType.Failed]);
    }

    [Fact]
    public async Task WaitForStateAsync_State_MayBeAnArgument()
    {
        var state = await Flow.Submit(() => Steps.Flaky(9)).WaitForStateAsync();
        var others = await Flow.Map([1, 2], item => Steps.Add(item)).WaitForStatesAsync();

        (await Flow.RunAsync(() => Steps.Explain(state, others))).ShouldBe("Failed('no 3') of 3");
    }

    [Fact]
    public async Task Await_TaskThatReturnsAState_GivesIt()
    {
        var state = await Flow.RunAsync(() => Steps.Judge(7));

        state.ShouldBe(RunState.Completed("good", "Judged").WithResult(7));
    }

    [Fact]
    public async Task Await_TaskThatReturnsAFailedState_Throws()
    {
        var error = await Should.ThrowAsync<FailedRunException>(() => Flow.RunAsync(() => Steps.Judge(-7)));

        error.Message.ShouldBe("Task 'judge' ended as Failed: bad");
    }

    [Fact]
    public async Task Await_SubflowThatReturnsStates_GivesThemOrTheFirstFailure()
    {
        var states = await Flow.RunAsync(() => Subflows.Children(Flow, new[] { 1, 2 }));
        states.Select(state => state.Result<int>()).ShouldBe([2, 3]);

        var error = await Should.ThrowAsync<FailedRunException>(() => Flow.RunAsync(() => Subflows.Failing(Flow)));
        error.Message.ShouldBe("Flow 'failing' ended as Failed: no 3");
        error.Name.ShouldBe("failing");
        error.State.Message.ShouldBe("no 3");
        error.RunId.ShouldBe(error.State.RunId);
    }

    [Fact]
    public async Task AsArgument_OutsideACall_SaysWhatToDo()
    {
        var future = Flow.Submit(() => Steps.Add(1));
        var futures = Flow.Map([1], item => Steps.Add(item));
        await future;

        Should
            .Throw<InvalidOperationException>(() => future.AsArgument())
            .Message.ShouldBe(
                "AsArgument() stands for a value in the lambda of a call, as in flow.Submit(() => Next(future.AsArgument())). "
                    + "To read the value in the flow itself, await the future."
            );
        Should.Throw<InvalidOperationException>(() => futures.AsArguments()).Message.ShouldStartWith("AsArguments() stands for");

        // Nor in code that the lambda only calls: nothing there tells that the call has to wait.
        var read = () => future.AsArgument();
        await Should.ThrowAsync<InvalidOperationException>(() => Flow.RunAsync(() => Steps.Add(read(), 0)));
    }

    [Fact]
    public async Task AsArgument_InALambdaInsideTheArgument_IsTheValue()
    {
        var gate = Hold();
        var futures = Flow.Map([1, 2], item => Steps.Add(item));
        var sum = Flow.Submit(() => Steps.Sum(futures.Select(future => future.AsArgument() * 10).ToArray()));
        gate.SetResult();

        (await sum).ShouldBe(50);
    }

    [Fact]
    public async Task WhenAll_OneFails_ThrowsOnceAllAreFinal()
    {
        var futures = new[] { Flow.Submit(() => Steps.Flaky(9)), Flow.Submit(() => Steps.Add(1)) };
        await Should.ThrowAsync<FailedRunException>(() => TaskFuture.WhenAll(futures));
        futures.ShouldAllBe(future => future.IsCompleted);
        (await TaskFuture.WhenAll(futures.Skip(1))).ShouldBe([2]);
    }

    [Fact]
    public async Task Map_Items_KeepsOrderAndConstants()
    {
        var right = 10;
        (await Flow.Map(Enumerable.Range(0, 200), item => Steps.Add(item * 2, right))).ShouldBe(
            Enumerable.Range(0, 200).Select(item => (item * 2) + 10)
        );
        _test.Arguments[3].ShouldBe("""{"left":6,"right":10}""");
    }

    [Fact]
    public async Task Map_NoItems_GivesNothing() => (await Flow.Map(Array.Empty<int>(), item => Steps.Add(item))).ShouldBeEmpty();

    [Fact]
    public async Task Map_InstanceTask_BuildsTheClass() =>
        (await Flow.Map(["a", "b"], (DiSteps steps, string name) => steps.Greet(name))).ShouldBe(["Hi, a", "Hi, b"]);

    [Fact]
    public async Task Map_TaskWithoutValue_AwaitsAll()
    {
        await Flow.Map([1, 2], item => Steps.NothingAsync(item));
        var failing = Flow.Map([1, -2], item => Steps.Nothing(item));
        failing.Count.ShouldBe(2);
        await Should.ThrowAsync<FailedRunException>(async () => await failing);
    }

    [Fact]
    public async Task Map_Subflows_RunsEach()
    {
        (await Flow.Map([1, 2], item => Subflows.Twice(Flow, item), new CallOptions { RunName = "child" })).ShouldBe([2, 4]);
        _test.Engine.Flows.Select(call => call.RunName).ShouldBe(["child-0", "child-1"]);
    }

    [Fact]
    public async Task Map_FutureInArguments_WaitsOnce()
    {
        var gate = Hold();
        var offset = Flow.Submit(() => Steps.Add(1));
        var sums = Flow.Map([1, 2], item => Steps.Add(item, offset.AsArgument()));
        sums.Count.ShouldBe(2);
        gate.SetResult();
        (await sums).ShouldBe([3, 4]);
        _test.Engine.Tasks.Last().Upstream.Keys.ShouldBe(["right"]);
    }

    [Fact]
    public async Task Map_OverFutures_WaitsAndRecordsEachItemsRun()
    {
        var gate = Hold();
        var first = Flow.Map([1, 2], item => Steps.Add(item));
        var second = Flow.Map(first, item => Steps.Add(item.AsArgument(), 0));
        gate.SetResult();
        (await second).ShouldBe([2, 3]);
        var run = (await first[1].WaitForStateAsync()).RunId!.Value;
        _test.Engine.Tasks.Last().Upstream["left"].ShouldBe([run]);
    }

    [Fact]
    public async Task InvokeAsync_CallLeftOpen_WaitsForIt()
    {
        var gate = Hold();
        var run = _test.Engine.RunFlowAsync("hasty");
        run.IsCompleted.ShouldBeFalse();
        gate.SetResult();
        (await run).ShouldBeNull();
    }

    private TaskCompletionSource Hold()
    {
        var gate = new TaskCompletionSource();
        _test.Engine.BeforeTask = _ => gate.Task;
        return gate;
    }
}
