using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests;

/// <summary>Inputs travel as those of Prefect's clients do.</summary>
public sealed class InputTypeTests
{
    [Fact]
    public void KeyPrefix_OfAType_IsThatOfPrefect()
    {
        InputType<Order>.KeyPrefix.ShouldBe("order-auto");
        InputType<string>.KeyPrefix.ShouldBe("strautomaticruninput-auto");
        InputType<int>.KeyPrefix.ShouldBe("intautomaticruninput-auto");
        InputType<long?>.KeyPrefix.ShouldBe("intautomaticruninput-auto");
        InputType<double>.KeyPrefix.ShouldBe("floatautomaticruninput-auto");
        InputType<bool>.KeyPrefix.ShouldBe("boolautomaticruninput-auto");
        InputType<string[]>.KeyPrefix.ShouldBe("listautomaticruninput-auto");
        InputType<Dictionary<string, int>>.KeyPrefix.ShouldBe("dictautomaticruninput-auto");
        InputType<Guid>.KeyPrefix.ShouldBe("uuidautomaticruninput-auto");
    }

    [Fact]
    public void KeyPrefix_OfATypeThatLosesData_IsRefused() =>
        Should.Throw<FlowRegistrationException>(() => InputType<Stream>.KeyPrefix).Message.ShouldStartWith("A Stream cannot be an input: ");

    [Fact]
    public void Write_ObjectAndValue_AreReadBack()
    {
        InputType<Order>.Write(new Order("a", 2)).ShouldBe("""{"item":"a","how_many":2}""");
        InputType<Order>.Read("order-auto-1", """{"item":"a","how_many":2}""").ShouldBe(new Order("a", 2));
        InputType<int[]>.Write([1, 2]).ShouldBe("""{"value":[1,2]}""");
        InputType<int[]>.Read("k", """{"value":[1,2]}""").ShouldBe([1, 2]);
        InputType<string?>.Read("k", """{"value":"x"}""").ShouldBe("x");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"value":"many"}""")]
    [InlineData("{}")]
    [InlineData("7")]
    public void Read_SomethingElse_IsRefusedByItsKey(string json) =>
        Should.Throw<ParameterValidationException>(() => InputType<int>.Read("the-key", json)).Message.ShouldContain("the input 'the-key'");

    [Fact]
    public async Task ReceiveAsync_PrefixThatNoKeyCanHave_IsRefused()
    {
        var flow = new TestFlow().Context;

        (await Should.ThrowAsync<ArgumentException>(() => flow.Input.ReceiveAsync<int>(keyPrefix: "A b"))).Message.ShouldStartWith(
            "The key prefix 'A b' of inputs may have only lower-case letters, digits and dashes"
        );
        await Should.ThrowAsync<ArgumentException>(() => flow.Input.SendAsync(Guid.NewGuid(), 1, keyPrefix: ""));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => flow.Input.ReceiveAsync<int>(TimeSpan.FromSeconds(-1)));
    }

    [Fact]
    public async Task RespondAsync_ToAnUnknownSender_IsRefused()
    {
        TestFlow test = new();
        test.Engine.Mail.Received.Enqueue(new("a", """{"value":1}""", "somebody"));
        var input = await test.Context.Input.ReceiveAsync<int>();

        input.SenderFlowRunId.ShouldBeNull();
        (await Should.ThrowAsync<InvalidOperationException>(() => input.RespondAsync(2))).Message.ShouldBe(
            "Nobody can be answered: the input 'a' was not sent by a flow run."
        );
    }

    internal sealed record Order(string Item, int HowMany);
}
