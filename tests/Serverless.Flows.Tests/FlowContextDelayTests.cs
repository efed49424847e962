using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests;

public sealed class FlowContextDelayTests
{
    private readonly TestFlow _test = new();

    private FlowContext Flow => _test.Context;

    [Fact]
    public async Task DelayAsync_SeveralCalls_HaveKeysOfTheirOwnThatAReplayRepeats()
    {
        await DelayAsync(Flow);
        TestFlow again = new();
        await DelayAsync(again.Context);

        var keys = _test.Engine.Delayed.Select(delayed => delayed.Key).ToList();
        keys.Distinct(StringComparer.Ordinal).Count().ShouldBe(3);
        keys[2].ShouldBe("key:mine");
        _test
            .Engine.Delayed.Select(delayed => delayed.ArgumentsJson)
            .ShouldBe(["""{"left":1,"right":1}""", """{"left":1,"right":1}""", """{"left":3,"right":2}"""]);
        again.Engine.Delayed.Select(delayed => delayed.Key).ShouldBe(keys);

        static async Task DelayAsync(FlowContext flow)
        {
            await flow.DelayAsync(() => Steps.Add(1));
            await flow.DelayAsync(() => Steps.Add(1));
            var three = flow.Submit(() => Steps.Add(1, 2));
            await flow.DelayAsync(() => Steps.Add(three.AsArgument(), 2), new DelayOptions { IdempotencyKey = "mine" });
        }
    }

    [Fact]
    public async Task DelayAsync_TagsOfTheScopeAndOfTheOptions_AreThoseOfTheRun()
    {
        using (Flow.WithTags("scope"))
        {
            await Flow.DelayAsync(() => Steps.NothingAsync(1), new DelayOptions { Tags = ["option"] });
        }

        _test.Engine.Delayed.ShouldHaveSingleItem().Tags.ShouldBe(["scope", "option"]);
    }

    [Fact]
    public async Task DelayAsync_AFlow_IsRefused() =>
        (await Should.ThrowAsync<ArgumentException>(() => Flow.DelayAsync(() => Subflows.Twice(Flow, 1)))).Message.ShouldContain(
            "only tasks run in the background"
        );

    [Fact]
    public async Task DelayAsync_AnArgumentThatDoesNotComplete_ThrowsItsException()
    {
        var failing = Flow.Submit(() => Steps.Flaky(9));

        await Should.ThrowAsync<RunException>(() => Flow.DelayAsync(() => Steps.Add(failing.AsArgument(), 1)));

        _test.Engine.Delayed.ShouldBeEmpty();
    }
}
