using System.Text.Json;
using Serverless.Flows.Binding;
using Serverless.Flows.Calls;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests.Binding;

public sealed class BoundedJsonTests
{
    [Fact]
    public void Write_CycleOfObjects_NamesTheValueWithoutThePath()
    {
        Ring ring = new();
        ring.Next = ring;

        var message = Should
            .Throw<JsonException>(() => BoundedJson.Write(ring, FlowJson.Options.GetTypeInfo(typeof(Ring)), () => "The argument 'ring'"))
            .Message;

        message.ShouldStartWith("The argument 'ring' cannot be written as JSON: A possible object cycle was detected.");
        message.ShouldNotContain("next.next");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Union_TagThatIsNone_SaysSo(string? tag) =>
        Should
            .Throw<ArgumentException>(() => TagScope.Union(["a"], [tag!]))
            .Message.ShouldStartWith("A tag is null or empty: expected a text.");

    private sealed class Ring
    {
        public Ring? Next { get; set; }
    }
}
