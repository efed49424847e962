using Serverless.Core.Filters;

namespace Serverless.Core.Tests.Filters;

/// <summary>The patterns of labels, with what Python's <c>fnmatch.fnmatchcase</c> answers.</summary>
public sealed class GlobPatternTests
{
    [Theory]
    [InlineData("abc", "abc", true)]
    [InlineData("abc", "ABC", false)]
    [InlineData("abc", "ab", false)]
    [InlineData("", "", true)]
    [InlineData("", "*", true)]
    [InlineData("", "?", false)]
    [InlineData("prefect.flow-run.1", "prefect.flow-run.*", true)]
    [InlineData("prefect.flow-run.", "prefect.flow-run.*", true)]
    [InlineData("prefect.flow.1", "prefect.flow-run.*", false)]
    [InlineData("abcabd", "*ab?", true)]
    [InlineData("abcabd", "*abc", false)]
    [InlineData("a\nb", "a*b", true)]
    [InlineData("aXbXc", "a*b*c", true)]
    [InlineData("aXbXcX", "a*b*c", false)]
    [InlineData("abc", "***", true)]
    [InlineData("abc", "a**c*", true)]
    [InlineData("a", "a?", false)]
    [InlineData("😀", "?", true)]
    [InlineData("b", "[a-c]", true)]
    [InlineData("d", "[a-c]", false)]
    [InlineData("d", "[!a-c]", true)]
    [InlineData("b", "[!a-c]", false)]
    [InlineData("-", "[a-]", true)]
    [InlineData("b", "[c-a]", false)]
    [InlineData("]", "[]]", true)]
    [InlineData("a", "[!]]", true)]
    [InlineData("]", "[!]]", false)]
    [InlineData("[a", "[a", true)]
    [InlineData("[!", "[!", true)]
    [InlineData("x[", "x[", true)]
    [InlineData("!", "[!]", false)]
    [InlineData("[!]", "[!]", true)]
    [InlineData("v1.2", "v[0-9].[0-9]", true)]
    public void IsMatch_AsInPython(string text, string pattern, bool expected)
    {
        var steps = 1_000;

        GlobPattern.IsMatch(text, pattern, ref steps).ShouldBe(expected);
    }

    [Fact]
    public void IsMatch_NeedsTooManySteps_GivesUp()
    {
        var steps = 10_000;
        var pattern = string.Concat(Enumerable.Repeat("*a", 100)) + "b";

        GlobPattern.IsMatch(new string('a', 1_000_000), pattern, ref steps).ShouldBeFalse();

        steps.ShouldBeLessThan(0);
    }
}
