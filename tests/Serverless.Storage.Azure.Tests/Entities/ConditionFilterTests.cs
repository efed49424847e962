using Serverless.Storage.Azure.Entities;

namespace Serverless.Storage.Azure.Tests.Entities;

public sealed class ConditionFilterTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_Conditions_AreComparisonsOfTheService()
    {
        ConditionFilter.Of([]).ShouldBeEmpty();
        ConditionFilter
            .Of([new("state") { Any = ["it's", "b"] }, new("type") { Any = [3] }])
            .ShouldBe(" and (state eq 'it''s' or state eq 'b') and (type eq 3)");
        ConditionFilter
            .Of([new("start") { From = Time, To = Time }])
            .ShouldBe(
                " and (start ge datetime'2026-11-27T12:00:00Z')" + " and (start le datetime'2026-11-27T12:00:00Z' or _xtstart ge 0L)"
            );
    }

    [Fact]
    public void Of_MoreThanTheServiceTakes_LeavesOutWhatDoesNotFit()
    {
        RowCondition many = new("text") { Any = [.. Enumerable.Range(0, 12).Select(n => (object)$"{n}")] };
        RowCondition some = new("text") { Any = [.. Enumerable.Range(0, 6).Select(n => (object)$"{n}")] };
        RowCondition large = new("text") { Any = [new string('x', 4000)] };
        RowCondition one = new("number") { Any = [1] };

        ConditionFilter.Of([many, one]).ShouldBe(" and (number eq 1)");
        ConditionFilter.Of([large, one]).ShouldBe(" and (number eq 1)");
        ConditionFilter.Of([some, some, one]).Split(" eq ").Length.ShouldBe(8);
    }

    [Fact]
    public void Of_TimesThatTheServiceDoesNotKnow_LeavesThemOut() =>
        ConditionFilter.Of([new("start") { From = DateTimeOffset.MinValue, To = DateTimeOffset.MinValue }]).ShouldBeEmpty();
}
