using Serverless.Web.Artifacts;

namespace Serverless.Web.Tests.Artifacts;

public sealed class MarkdownHtmlTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("Sales of **May**, see [the page](https://example.com)", "Sales of May, see the page")]
    [InlineData("# Title\n\nA line\nand another", "Title A line and another")]
    [InlineData("a <script>alert(1)</script> b", "a <script>alert(1)</script> b")]
    public void Plain_Marks_AreLeftOut(string text, string expected) => MarkdownHtml.Plain(text, 200).ShouldBe(expected);

    [Fact]
    public void Plain_LongText_IsCut() => MarkdownHtml.Plain(new string('x', 10_000), 200).Length.ShouldBeLessThanOrEqualTo(201);

    [Fact]
    public void Plain_NestedVeryDeeply_IsShownAsItIs() => MarkdownHtml.Plain(new string('>', 5_000), 2_000).ShouldStartWith(">");
}
