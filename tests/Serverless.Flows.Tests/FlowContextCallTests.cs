using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests;

public sealed class FlowContextCallTests
{
    private readonly TestFlow _test = new();

    private FlowContext Flow => _test.Context;

    [Fact]
    public async Task RunAsync_SyncTask_ReturnsValue() => (await Flow.RunAsync(() => Steps.Add(1, 2))).ShouldBe(3);

    [Fact]
    public async Task RunAsync_LeftOutArguments_SendsDefaultsAndInjectsTheRest()
    {
        (await Flow.RunAsync(() => Steps.Add(1))).ShouldBe(2);
        (await Flow.RunAsync(() => Steps.GreetAsync("x"))).ShouldBe("x:False:True");
        _test.Arguments.ShouldBe(["""{"left":1,"right":1}""", """{"name":"x"}"""]);
    }

    [Fact]
    public async Task RunAsync_NamedArguments_SendsThem()
    {
        (await Flow.RunAsync(() => Steps.Add(left: 5, right: 6))).ShouldBe(11);
    }

    [Fact]
    public async Task RunAsync_TaskWithoutValue_Completes()
    {
        await Flow.RunAsync(() => Steps.Nothing(1));
        await Flow.RunAsync(() => Steps.NothingAsync(1));
        _test.Engine.Tasks.Count.ShouldBe(2);
    }

    [Fact]
    public async Task RunAsync_NullResult_ReturnsNull() => (await Flow.RunAsync(() => Steps.Null())).ShouldBeNull();

    [Fact]
    public async Task RunAsync_InstanceTask_RunsOnNewObjectFromServices()
    {
        (await Flow.RunAsync((DiSteps steps) => steps.Greet("you"))).ShouldBe("Hi, you");
        _test.Greeting.Released.ShouldBe(1);
    }

    [Fact]
    public async Task RunAsync_CallOnAnObject_IgnoresThatObject()
    {
        using var steps = new DiSteps(new Greeting("Bye"));
        (await Flow.RunAsync(() => steps.Greet("you"))).ShouldBe("Hi, you");
    }

    [Fact]
    public async Task RunAsync_TaskInAnArgument_IsRefusedWithWhatToWrite()
    {
        var error = await Should.ThrowAsync<ArgumentException>(() => Flow.RunAsync(() => Steps.Add(Steps.Add(1), 2)));

        error.Message.ShouldBe(
            "The argument 'left' of task 'add' calls the task Serverless.Flows.Tests.Steps.Add: there it would run as plain code of the "
                + "flow's body, without its own run. "
                + "Start it first and pass its value: var first = flow.Submit(() => Add(…)); then first.AsArgument() as the argument. "
                + "(Parameter 'argument')"
        );
        _test.Engine.Tasks.ShouldBeEmpty();
    }

    [Fact]
    public void Submit_TaskAnywhereInAnArgument_IsRefused()
    {
        var numbers = new[] { 1, 2 };
        var future = Flow.Submit(() => Steps.Add(5));
        var count = _test.Engine.Tasks.Count;

        Should
            .Throw<ArgumentException>(() => Flow.Submit(() => Steps.Add(1 + Math.Abs(Steps.Add(1)), 2)))
            .Message.ShouldContain("calls the task");
        Should
            .Throw<ArgumentException>(() => Flow.Submit(() => Steps.Sum(numbers.Select(number => Steps.Add(number, 1)).ToArray())))
            .Message.ShouldContain("calls the task");
        Should
            .Throw<ArgumentException>(() => Flow.Submit(() => Steps.Sum(numbers.Select<int, int>(Steps.Limited).ToArray())))
            .Message.ShouldContain("calls the task");
        Should
            .Throw<ArgumentException>(() => Flow.Submit(() => Steps.Add(Steps.Add(future.AsArgument()), 2)))
            .Message.ShouldContain("calls the task");
        Should
            .Throw<ArgumentException>(() => Flow.Map(numbers, number => Steps.Add(Steps.Add(number), 2)))
            .Message.ShouldContain("calls the task");
        _test.Engine.Tasks.Count.ShouldBe(count);
    }

    [Fact]
    public async Task RunAsync_FailedTask_ThrowsWithNameRunAndMessage()
    {
        var error = await Should.ThrowAsync<FailedRunException>(() => Flow.RunAsync(() => Steps.Flaky(9)));
        error.Name.ShouldBe("flaky");
        error.RunId.ShouldNotBeNull();
        error.State.Type.ShouldBe(RunStateType.Failed);
        error.State.Message.ShouldBe("no 3");
        error.Message.ShouldBe("Task 'flaky' ended as Failed: no 3");
    }

    [Fact]
    public async Task RunAsync_Options_TravelWithTheInvocation()
    {
        var options = new CallOptions
        {
            Retries = 5,
            RetryDelays = [TimeSpan.FromSeconds(2)],
            RunName = "mine",
            Timeout = TimeSpan.FromSeconds(3),
        };
        (await Flow.RunAsync(() => Steps.Flaky(4), options)).ShouldBe(5);
        var invocation = _test.Engine.Tasks.ShouldHaveSingleItem();
        invocation.RunName.ShouldBe("mine");
        invocation.Timeout.ShouldBe(TimeSpan.FromSeconds(3));
        invocation.Retry.ShouldNotBeNull().Retries.ShouldBe(5);
        invocation.Retry.DelaySeconds.ShouldBe([2d]);
        invocation.Retry.JitterFactor.ShouldBe(0.5);
    }

    [Fact]
    public async Task RunAsync_NegativeRetries_Refuses()
    {
        var error = await Should.ThrowAsync<FlowRegistrationException>(async () =>
            await Flow.RunAsync(() => Steps.Add(1), new CallOptions { Retries = -1 })
        );
        error.Message.ShouldBe("Options of the call of task 'add': Retries is -1; it must be 0 or more.");
    }

    [Fact]
    public async Task RunAsync_MethodThatIsNoTask_NamesIt()
    {
        var error = await Should.ThrowAsync<FlowRegistrationException>(async () => await Flow.RunAsync(() => Steps.NotATask(1)));
        error.Message.ShouldContain("Serverless.Flows.Tests.Steps.NotATask is neither a task nor a flow");
    }

    [Fact]
    public async Task RunAsync_NotACall_ShowsTheExpression()
    {
        var error = await Should.ThrowAsync<ArgumentException>(async () => await Flow.RunAsync(() => 1 + Steps.Add(1)));
        error.Message.ShouldContain("one call");
        error.Message.ShouldContain("(1 + Add(1, 1))");
    }

    [Fact]
    public async Task RunAsync_Subflow_LeavesTheContextOut()
    {
        (await Flow.RunAsync(() => Subflows.Twice(Flow, 21))).ShouldBe(42);
        var invocation = _test.Engine.Flows.ShouldHaveSingleItem();
        invocation.Flow.Name.ShouldBe("twice");
        invocation.ParametersJson.ShouldBe("""{"value":21}""");
        invocation.DynamicKey.ShouldBe(0);
    }

    [Fact]
    public async Task RunAsync_FailedSubflow_Throws()
    {
        var error = await Should.ThrowAsync<FailedRunException>(() => Flow.RunAsync(() => Subflows.FailAsync()));
        error.Message.ShouldBe("Flow 'fail' ended as Failed: broken");
    }

    [Fact]
    public async Task RunAsync_SubflowWithRetries_Refuses()
    {
        await Should.ThrowAsync<FlowRegistrationException>(async () =>
            await Flow.RunAsync(() => Subflows.Twice(Flow, 1), new CallOptions { Retries = 1 })
        );
    }

    [Fact]
    public async Task RunAsync_RepeatedCalls_CountsEachTaskForItself()
    {
        await Flow.RunAsync(() => Steps.Add(1));
        await Flow.RunAsync(() => Steps.Null());
        await Flow.RunAsync(() => Steps.Add(2));
        await Flow.Map([1, 2], item => Steps.Add(item));
        _test.Engine.Tasks.Select(task => $"{task.Task.Name}-{task.DynamicKey}").ShouldBe(["add-0", "null-0", "add-1", "add-2", "add-3"]);
    }

    [Fact]
    public async Task RunAsync_ArgumentsThatFailValidation_FailTheTaskWithAllProblems()
    {
        var error = await Should.ThrowAsync<FailedRunException>(() => Flow.RunAsync(() => Steps.Limited(7)));
        error.Message.ShouldContain("task 'limited'");
        error.Message.ShouldContain("'value': expected a value between 1 and 3, got 7");
    }

    [Fact]
    public async Task RunAsync_InsideTask_CurrentContextIsSet()
    {
        (await Flow.RunAsync(() => Steps.WhoAmI())).ShouldNotBeEmpty();
        TaskContext.CurrentOrNull.ShouldBeNull();
    }
}
