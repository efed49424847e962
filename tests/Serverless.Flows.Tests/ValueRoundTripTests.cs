using Microsoft.Extensions.DependencyInjection;
using Serverless.Flows.Hosting;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests;

/// <summary>Values on all ways that they travel as JSON: results, arguments, map items, the results of flows.</summary>
public sealed class ValueRoundTripTests
{
    private readonly TestFlow flow = new();

    [Fact]
    public async Task RunAsync_TupleResult_Arrives() => (await flow.Context.RunAsync(() => Steps.Pair(41, "x"))).ShouldBe((41, "x"));

    [Fact]
    public async Task RunAsync_TupleArgument_Arrives()
    {
        var pair = (1, "a");

        (await flow.Context.RunAsync(() => Steps.TakePair(pair))).ShouldBe("1a");
    }

    [Fact]
    public async Task Map_TupleItems_Arrive()
    {
        var all = new[] { (1, "a"), (2, "b") };

        (await flow.Context.Map(all, item => Steps.TakePair(item))).ShouldBe(["1a", "2b"]);
    }

    [Fact]
    public async Task RunAsync_PublicField_Arrives()
    {
        var place = new Steps.Place { X = 9 };

        (await flow.Context.RunAsync(() => Steps.TakePlace(place))).ShouldBe(9);
    }

    [Fact]
    public async Task RunAsync_DerivedArgument_IsRefused()
    {
        Steps.Thing thing = new Steps.HeavyThing("t", 5);

        (
            await Should.ThrowAsync<FlowRegistrationException>(() => flow.Context.RunAsync(() => Steps.TakeThing(thing)))
        ).Message.ShouldContain("A HeavyThing cannot be used as a Thing");
    }

    [Fact]
    public async Task Flow_TupleResult_IsWritten()
    {
        var pairs = Declared.Flow("TupleResult");

        await using var services = new ServiceCollection().BuildServiceProvider();

        var returned = await pairs.InvokeAsync(services, flow.Context, "{}");

        returned.ResultJson.ShouldBe("""{"item1":1,"item2":"b"}""");
    }

    [Theory]
    [InlineData("TakesHidden", "flow '*': parameter 'hidden' cannot be written as JSON and read back: Hidden.Count is not public")]
    [InlineData(
        "ReturnsNoSetter",
        "flow '*': its result cannot be written as JSON and read back: NoSetter.Count is written to JSON but not read back"
    )]
    [InlineData(
        "TakesUnbound",
        "flow '*': parameter 'text' cannot be written as JSON and read back: Unbound: the parameter 'text' of its constructor has no"
    )]
    public void FlowDefinition_ValueThatDoesNotComeBack_IsRefusedAtStart(string method, string problem)
    {
        var message = Should.Throw<FlowRegistrationException>(() => Declared.Flow(method)).Message;

        message.ShouldStartWith("flow '");
        message.ShouldContain(problem.Split('*')[1][2..]);
    }
}
