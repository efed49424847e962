using Azure;
using Serverless.Storage.Azure.Entities;

namespace Serverless.Storage.Azure.Tests.Entities;

public sealed class RowETagTests
{
    private const string Text = "W/\"datetime'2026-11-21T06%3A05%3A46.3836290Z'\"";

    [Fact]
    public void Format_WithoutBlobs_IsTheServices() => RowETag.Format(new ETag(Text), []).ShouldBe(Text);

    [Fact]
    public void Parse_WithBlobs_GivesThemBack()
    {
        RowETag parsed = RowETag.Parse(RowETag.Format(new ETag(Text), ["a-1", "b_2"]));
        parsed.Value.ToString().ShouldBe(Text);
        parsed.Blobs.ShouldBe(["a-1", "b_2"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("*")]
    [InlineData("é")]
    [InlineData("W/\"datetime'é'\"")]
    public void Parse_SomethingElse_IsOfNoRow(string text) => RowETag.Parse(text).Value.ToString().ShouldBe(RowETag.Overwritten);
}
