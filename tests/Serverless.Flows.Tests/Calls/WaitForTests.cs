using Serverless.Flows.Hosting;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests.Calls;

public sealed class WaitForTests
{
    private readonly TestFlow _test = new();

    private FlowContext Flow => _test.Context;

    [Fact]
    public async Task RunAsync_WaitsForOthers_StartsAfterThemAndNamesTheirRuns()
    {
        TaskCompletionSource gate = new();
        _test.Engine.BeforeTask = task => task.DynamicKey == 0 ? gate.Task : Task.CompletedTask;
        var first = Flow.Submit(() => Steps.Add(1));
        var second = Flow.Submit(() => Steps.Add(2), new CallOptions { WaitFor = [first] });

        _test.Arguments.ShouldBe(["""{"left":1,"right":1}"""]);
        gate.SetResult();

        (await second).ShouldBe(3);
        var upstream = _test.Engine.Tasks.Last().Upstream.ShouldHaveSingleItem();
        upstream.Key.ShouldBe("wait_for");
        upstream.Value.ShouldBe([(await first.WaitForStateAsync()).RunId!.Value]);
    }

    [Fact]
    public async Task Map_WaitsForAMap_EachItemNamesAllOfItsRuns()
    {
        var first = Flow.Map([1, 2, 3], item => Steps.Add(item));

        var second = Flow.Map([4, 5], item => Steps.Add(item), new CallOptions { WaitFor = first });

        (await second).ShouldBe([5, 6]);
        _test.Engine.Tasks.TakeLast(2).ShouldAllBe(task => task.Upstream["wait_for"].Count == 3);
    }

    [Fact]
    public async Task RunAsync_OneThatItWaitsForFails_IsNotStarted()
    {
        var failed = Flow.Submit(() => Steps.Nothing(-1));

        await Should.ThrowAsync<FailedRunException>(() => Flow.RunAsync(() => Steps.Add(1), new CallOptions { WaitFor = [failed] }));

        _test.Engine.Tasks.Count.ShouldBe(1);
    }

    [Fact]
    public async Task RunAsync_WaitsForNull_IsRefusedWithTheTasksName()
    {
        CallOptions options = new() { WaitFor = [null!] };

        var error = await Should.ThrowAsync<FlowRegistrationException>(() => Flow.RunAsync(() => Steps.Add(1), options));

        error.Message.ShouldBe("Options of the call of task 'add': WaitFor, or a future in it, is null.");
        _test.Engine.Tasks.ShouldBeEmpty();
    }

    [Fact]
    public async Task RunAsync_FailuresAreAllowed_StartsWhenTheOthersHaveEnded()
    {
        var failed = Flow.Submit(() => Steps.Nothing(-1));
        var never = Flow.Submit(() => Steps.Add(1), new CallOptions { WaitFor = [failed] });
        CallOptions options = new() { WaitFor = [failed, never], AllowFailure = true };

        (await Flow.RunAsync(() => Steps.Add(1), options)).ShouldBe(2);

        // The one that was never started has no run.
        _test.Engine.Tasks.Last().Upstream["wait_for"].Count.ShouldBe(1);
    }

    [Fact]
    public async Task RunAsync_Subflow_WaitsAndNamesWhatItsParametersComeFrom()
    {
        var first = Flow.Submit(() => Steps.Add(1));
        var second = Flow.Submit(() => Steps.Add(2));
        CallOptions options = new() { WaitFor = [second] };

        (await Flow.RunAsync(() => Subflows.Twice(Flow, first.AsArgument()), options)).ShouldBe(4);

        var called = _test.Engine.Flows.ShouldHaveSingleItem();
        called.Upstream.Keys.ShouldBe(["value", "wait_for"], ignoreOrder: true);
    }

    [Fact]
    public async Task Zip_EqualLengths_MapsOverAllOfThem()
    {
        var sums = await Flow.Map(MapItems.Zip([1, 2], [10, 20]), item => Steps.Add(item.First, item.Second));
        var others = await Flow.Map(MapItems.Zip([1], [2], ["three"]), item => Steps.Add(item.First, item.Third.Length));

        sums.ShouldBe([11, 22]);
        others.ShouldBe([6]);
    }

    [Fact]
    public void Zip_OtherLengths_SaysThem() =>
        Should
            .Throw<ArgumentException>(() => MapItems.Zip([1, 2], [10, 20, 30]))
            .Message.ShouldBe("The sequences of a map must have equally many items; these have 2 and 3. (Parameter 'second')");
}
