namespace Serverless.Storage.Tests;

public sealed class RowRangeTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("a", "b")]
    [InlineData("ab|", "ab}")]
    [InlineData("\u007F", "\u0080")]
    [InlineData("\uD7FF", "\uE000")]
    [InlineData("\uFFFF", "\U00010000")]
    [InlineData("😀", "😁")]
    [InlineData("a\U0010FFFF\U0010FFFF", "b")]
    [InlineData("\U0010FFFF", null)]
    public void EndOfPrefix_AnyPrefix_IsTheNextKeyThatDoesNotStartWithIt(string prefix, string? expected) =>
        RowRange.EndOfPrefix(prefix).ShouldBe(expected);

    [Fact]
    public void EndOfPrefix_HalfASurrogatePair_IsRefused() => Should.Throw<ArgumentException>(() => RowRange.EndOfPrefix("a\uD83D"));
}
