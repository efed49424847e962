using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests.Calls;

/// <summary>Calls that take the states of others, which may end as they like.</summary>
public sealed class StateArgumentTests
{
    private readonly TestFlow _test = new();

    private FlowContext Flow => _test.Context;

    [Fact]
    public async Task RunAsync_StateOfAFailedCall_IsStartedWithIt()
    {
        var failed = Flow.Submit(() => Steps.Nothing(-1));

        (await Flow.RunAsync(() => Steps.Tell(failed.AsStateArgument()))).ShouldStartWith("Failed:");

        var upstream = _test.Engine.Tasks.Last().Upstream.ShouldHaveSingleItem();
        upstream.Key.ShouldBe("state");
        upstream.Value.ShouldBe([(await failed.WaitForStateAsync()).RunId!.Value]);
    }

    [Fact]
    public async Task RunAsync_StateOfACallThatIsOpen_WaitsForItAndHasItsValue()
    {
        TaskCompletionSource gate = new();
        _test.Engine.BeforeTask = task => task.Task.Name == "add" ? gate.Task : Task.CompletedTask;
        var open = Flow.Submit(() => Steps.Add(1));

        var told = Flow.Submit(() => Steps.Tell(open.AsStateArgument()));
        gate.SetResult();

        (await told).ShouldBe("Completed: 2");
    }

    [Fact]
    public async Task RunAsync_StateOfACallThatNeverStarted_IsNotReady()
    {
        var failed = Flow.Submit(() => Steps.Nothing(-1));
        var never = Flow.Submit(() => Steps.Add(1), new CallOptions { WaitFor = [failed] });

        (await Flow.RunAsync(() => Steps.Tell(never.AsStateArgument()))).ShouldStartWith("NotReady:");
    }

    [Fact]
    public async Task RunAsync_StatesOfAMap_AreInTheOrderOfItsItems()
    {
        var mapped = Flow.Map([1, -1, 2], item => Steps.Nothing(item));

        (await Flow.RunAsync(() => Steps.TellAll(mapped.AsStateArguments()))).ShouldBe("Completed Failed Completed");
    }

    [Fact]
    public async Task Map_StatesOfAMapAsItems_IsStartedForEach()
    {
        var mapped = Flow.Map([1, -1], item => Steps.Nothing(item));

        var told = await Flow.Map(mapped, item => Steps.Tell(item.AsStateArgument()));

        told.Select(text => text.Split(':')[0]).ShouldBe(["Completed", "Failed"]);
    }

    [Fact]
    public async Task RunAsync_StateOfOneAndValueOfAnotherThatFails_IsNotStarted()
    {
        var done = Flow.Submit(() => Steps.Add(1));
        var flaky = Flow.Submit(() => Steps.Flaky(9, null!));

        await Should.ThrowAsync<FailedRunException>(() => Flow.RunAsync(() => Steps.Both(done.AsStateArgument(), flaky.AsArgument())));

        _test.Engine.Tasks.ShouldNotContain(task => task.Task.Name == "both");
    }

    [Fact]
    public void AsStateArgument_OutsideACall_IsRefused()
    {
        var done = Flow.Submit(() => Steps.Add(1));

        Should
            .Throw<InvalidOperationException>(() => done.AsStateArgument())
            .Message.ShouldStartWith("AsStateArgument() stands for a value in the lambda of a call");
    }
}
