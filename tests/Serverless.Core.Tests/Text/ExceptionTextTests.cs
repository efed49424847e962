using Serverless.Core.Text;
using Shouldly;
using Xunit;

namespace Serverless.Core.Tests.Text;

public sealed class ExceptionTextTests
{
    [Fact]
    public void MessageOf_Plain_IsTheMessage() => ExceptionText.MessageOf(new InvalidOperationException("no luck")).ShouldBe("no luck");

    [Fact]
    public void MessageOf_Unreadable_SaysSo() =>
        ExceptionText.MessageOf(new Unreadable()).ShouldBe("(its message cannot be read: NotSupportedException)");

    [Fact]
    public void MessageOf_Null_NamesTheType() =>
        ExceptionText.MessageOf(new Silent()).ShouldBe($"Exception of type '{typeof(Silent)}' was thrown.");

    [Fact]
    public void Brief_Plain_HasTypeAndMessage() => ExceptionText.Brief(new TimeoutException("late")).ShouldBe("TimeoutException: late");

    [Fact]
    public void MessageOf_Long_IsCut()
    {
        var message = ExceptionText.MessageOf(new InvalidOperationException(new string('m', 9_000_000)));

        message.Length.ShouldBe(ExceptionText.MaxMessageLength);
        message.ShouldEndWith("m… [cut: 9,000,000 characters]");
    }

    [Fact]
    public void Whole_Unreadable_IsPutTogether()
    {
        var text = ExceptionText.Whole(new Unreadable());

        text.ShouldContain(nameof(Unreadable));
        text.ShouldContain("cannot be read");
    }

    [Fact]
    public void Whole_WithCauses_IsWhatTheExceptionSays()
    {
        var error = new InvalidOperationException("outer", new TimeoutException("inner"));

        ExceptionText.Whole(error).ShouldBe(error.ToString());
    }

    [Fact]
    public void Whole_ManyOrLargeCauses_IsBounded()
    {
        Exception error = new InvalidOperationException(new string('m', 1_000_000));
        for (var depth = 0; depth < 100_000; depth++)
        {
            error = new InvalidOperationException("next", error);
        }

        ExceptionText.Whole(error).Length.ShouldBeLessThanOrEqualTo(ExceptionText.MaxTraceLength);
    }

    [Theory]
    [InlineData(29, "0123456789012345678901234567890123456789")]
    [InlineData(40, "0123456789012345678901234567890123456789")]
    public void Cut_Text_IsNoLongerThanAsked(int length, string text)
    {
        var cut = ExceptionText.Cut(text, length);

        cut.Length.ShouldBeLessThanOrEqualTo(length);
        cut.ShouldStartWith("01234");
    }

    [Fact]
    public void Cut_InsideAPair_LeavesTheHalfOut()
    {
        var text = string.Concat(Enumerable.Repeat("😀", 100));

        for (var length = 60; length < 64; length++)
        {
            char.IsHighSurrogate(ExceptionText.Cut(text, length).Split('…')[0][^1]).ShouldBeFalse();
        }
    }

    private sealed class Unreadable : Exception
    {
        public override string Message => throw new NotSupportedException();

        public override string ToString() => throw new NotSupportedException();
    }

    private sealed class Silent : Exception
    {
        public override string Message => null!;
    }
}
