using Serverless.Web.FlowRuns;

namespace Serverless.Web.Tests.FlowRuns;

public sealed class TimeScaleTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Place_WithoutLongIdleStretches_IsEven()
    {
        TimeScale scale = new([(Start, At(10)), (At(5), At(20))]);

        scale[Start].ShouldBe(0);
        scale[At(10)].ShouldBe(0.5, 1e-9);
        scale[At(20)].ShouldBe(1, 1e-9);
        scale.Gaps.ShouldBeEmpty();
    }

    [Fact]
    public void Place_AcrossAWaitOfHours_CutsIt()
    {
        TimeScale scale = new([(Start, At(10)), (At(7210), At(7220))]);

        var gap = scale.Gaps.ShouldHaveSingleItem();
        gap.Length.ShouldBe(TimeSpan.FromHours(2));
        scale[At(10)].ShouldBe((1 - TimeScale.GapWidth) / 2, 1e-9);
        scale[At(7210)].ShouldBe(scale[At(10)] + TimeScale.GapWidth, 1e-9);
        scale[At(7220)].ShouldBe(1, 1e-9);
    }

    [Fact]
    public void Place_OfLaterTimes_NeverDecreases()
    {
        TimeScale scale = new([(Start, At(1)), (At(100), At(101)), (At(5000), At(5003)), (At(90000), At(90001))]);

        var places = Enumerable.Range(-10, 90100).Select(seconds => scale[At(seconds)]).ToList();

        places.Zip(places.Skip(1)).ShouldAllBe(pair => pair.First <= pair.Second + 1e-12);
        places.ShouldAllBe(place => place >= 0 && place <= 1.000001);
    }

    [Fact]
    public void Scale_OfNothingOrAnInstant_DoesNotFail()
    {
        new TimeScale([]).Ticks().ShouldBeEmpty();
        TimeScale instant = new([(Start, Start)]);
        instant[Start].ShouldBeInRange(0, 1);
        instant.Ticks().Count().ShouldBeLessThan(3);
    }

    private static DateTimeOffset At(double seconds) => Start.AddSeconds(seconds);
}
