using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Core.Tests.Filters;

public sealed class FilterOperatorTests
{
    private static readonly Guid A = new("00000000-0000-0000-0000-00000000000a");
    private static readonly Guid B = new("00000000-0000-0000-0000-00000000000b");
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void IdFilter_EachOperator_MatchesAsInSql()
    {
        new IdFilter().Matches(null).ShouldBeTrue();
        new IdFilter { Any = [A] }
            .Matches(A)
            .ShouldBeTrue();
        new IdFilter { Any = [A] }
            .Matches(null)
            .ShouldBeFalse();
        new IdFilter { Any = [] }
            .Matches(A)
            .ShouldBeFalse();
        new IdFilter { NotAny = [A] }
            .Matches(B)
            .ShouldBeTrue();
        new IdFilter { NotAny = [A] }
            .Matches(A)
            .ShouldBeFalse();
        new IdFilter { NotAny = [A] }
            .Matches(null)
            .ShouldBeFalse();
        new IdFilter { NotAny = [] }
            .Matches(null)
            .ShouldBeTrue();
        new IdFilter { IsNull = true }
            .Matches(null)
            .ShouldBeTrue();
        new IdFilter { IsNull = false }
            .Matches(null)
            .ShouldBeFalse();
        new IdFilter { Any = [A], IsNull = true }
            .Matches(A)
            .ShouldBeFalse();
        new IdFilter
        {
            Operator = Operator.Or,
            Any = [A],
            IsNull = true,
        }
            .Matches(A)
            .ShouldBeTrue();
        new IdFilter
        {
            Operator = Operator.Or,
            Any = [A],
            IsNull = true,
        }
            .Matches(B)
            .ShouldBeFalse();
    }

    [Theory]
    [InlineData("marvin", "sad-Marvin", true)]
    [InlineData("marvin", "sad", false)]
    [InlineData("m%n", "xMARVINx", true)]
    [InlineData("m_rvin", "marvin", true)]
    [InlineData("m_rvin", "mrvin", false)]
    [InlineData("a%b%c", "xaxbxbxcx", true)]
    [InlineData("a%b%c", "xaxcxbx", false)]
    [InlineData("%", "", true)]
    [InlineData("", "anything", true)]
    [InlineData("x", null, false)]
    public void TextFilter_Like_IgnoresCaseAndKnowsWildcards(string like, string? text, bool expected) =>
        new TextFilter { Like = like }
            .Matches(text)
            .ShouldBe(expected);

    [Fact]
    public void TextFilter_EachOtherOperator_MatchesAsInSql()
    {
        new TextFilter { Any = ["a"] }
            .Matches("a")
            .ShouldBeTrue();
        new TextFilter { Any = ["a"] }
            .Matches("A")
            .ShouldBeFalse();
        new TextFilter { NotAny = ["a"] }
            .Matches(null)
            .ShouldBeFalse();
        new TextFilter { NotAny = ["a"] }
            .Matches("b")
            .ShouldBeTrue();
        new TextFilter { Exists = true }
            .Matches(null)
            .ShouldBeFalse();
        new TextFilter { Exists = false }
            .Matches(null)
            .ShouldBeTrue();
        new TextFilter { IsNull = true }
            .Matches("a")
            .ShouldBeFalse();
    }

    [Fact]
    public void TagFilter_EachOperator_MatchesAsInSql()
    {
        new TagFilter { All = ["a", "b"] }
            .Matches(["a", "b", "c"])
            .ShouldBeTrue();
        new TagFilter { All = ["a", "b"] }
            .Matches(["a"])
            .ShouldBeFalse();
        new TagFilter { All = [] }
            .Matches([])
            .ShouldBeTrue();
        new TagFilter { Any = ["a", "z"] }
            .Matches(["a"])
            .ShouldBeTrue();
        new TagFilter { Any = [] }
            .Matches(["a"])
            .ShouldBeFalse();
        new TagFilter { IsNull = true }
            .Matches([])
            .ShouldBeTrue();
        new TagFilter { IsNull = false }
            .Matches([])
            .ShouldBeFalse();
        new TagFilter
        {
            Operator = Operator.Or,
            All = ["a"],
            IsNull = true,
        }
            .Matches([])
            .ShouldBeTrue();
    }

    [Fact]
    public void TimeFilter_EachOperator_IncludesTheLimits()
    {
        new TimeFilter { Before = Noon }
            .Matches(Noon)
            .ShouldBeTrue();
        new TimeFilter { Before = Noon }
            .Matches(Noon.AddTicks(10))
            .ShouldBeFalse();
        new TimeFilter { After = Noon }
            .Matches(Noon)
            .ShouldBeTrue();
        new TimeFilter { After = Noon }
            .Matches(null)
            .ShouldBeFalse();
        new TimeFilter { IsNull = true }
            .Matches(null)
            .ShouldBeTrue();
        new TimeFilter { IsNull = false }
            .Matches(null)
            .ShouldBeFalse();
    }

    [Fact]
    public void StateFilter_TypeAndName_Combine()
    {
        var filter = new StateFilter
        {
            Type = new StateTypeFilter { Any = [StateType.Scheduled] },
            Name = new TextFilter { Any = ["Late"] },
        };

        filter.Matches(StateType.Scheduled, "Late").ShouldBeTrue();
        filter.Matches(StateType.Scheduled, "Scheduled").ShouldBeFalse();
        (filter with { Operator = Operator.Or }).Matches(StateType.Scheduled, "Scheduled").ShouldBeTrue();
        new StateTypeFilter { NotAny = [StateType.Failed] }
            .Matches(null)
            .ShouldBeFalse();
        new StateTypeFilter { NotAny = [StateType.Failed] }
            .Matches(StateType.Running)
            .ShouldBeTrue();
    }

    [Fact]
    public void CreatedByFilter_EachOperator_MatchesAsInSql()
    {
        var creator = new CreatedBy { Id = A, Type = "DEPLOYMENT" };

        new CreatedByFilter { Id = [A] }
            .Matches(creator)
            .ShouldBeTrue();
        new CreatedByFilter { Type = ["AUTOMATION"] }
            .Matches(creator)
            .ShouldBeFalse();
        new CreatedByFilter { Type = ["DEPLOYMENT"] }
            .Matches(null)
            .ShouldBeFalse();
        new CreatedByFilter { IsNull = true }
            .Matches(null)
            .ShouldBeTrue();
    }

    [Theory]
    [InlineData("error", true)]
    [InlineData("nothing error", true)]
    [InlineData("nothing", false)]
    [InlineData("-error", false)]
    [InlineData("!retry", true)]
    [InlineData("+error +my.logger", true)]
    [InlineData("+error +absent", false)]
    [InlineData("\"connection timeout\"", true)]
    [InlineData("\"timeout connection\"", false)]
    [InlineData("-\"connection timeout\"", false)]
    [InlineData("\"said \\\"no\\\"\"", true)]
    [InlineData("\"connection time", true)]
    [InlineData("- error", true)]
    [InlineData("  ", true)]
    [InlineData("", true)]
    public void LogTextFilter_Search_FindsWhatItSays(string query, bool expected) =>
        new LogTextFilter { Query = query }
            .Matches(
                new Log
                {
                    Id = A,
                    Name = "my.logger",
                    Level = 20,
                    Message = "Error: connection TIMEOUT, peer said \"no\"",
                    Timestamp = Noon,
                }
            )
            .ShouldBe(expected);
}
