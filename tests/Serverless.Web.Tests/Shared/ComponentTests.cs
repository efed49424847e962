using Bunit;
using Serverless.Core.States;
using Serverless.Web.FlowRuns;
using Serverless.Web.Shared;

namespace Serverless.Web.Tests.Shared;

public sealed class ComponentTests : BunitContext
{
    [Fact]
    public void StateBadge_OfEachState_HasADrawingOfItsOwnAndWords()
    {
        var drawings = Render<Icons>().FindAll("symbol").Select(symbol => symbol.Id).ToHashSet();

        foreach (var type in Enum.GetValues<StateType>())
        {
            var badge = Render<StateBadge>(parameters => parameters.Add(it => it.Type, type));
            var used = badge.Find("use").GetAttribute("href").ShouldNotBeNull();
            drawings.ShouldContain(used[1..]);
            badge.Markup.ShouldContain(type.DefaultName());
        }

        Render<StateBadge>(parameters => parameters.Add(it => it.Name, "AwaitingConcurrencySlot"))
            .Markup.ShouldContain("Awaiting concurrency slot");
    }

    [Theory]
    [InlineData(null, "8,000 of 9,000 characters.")]
    [InlineData("/all", "8,000 of 9,000 characters: all of it.")]
    public void Json_OfALargeValue_IsCutAndSaysWhereAllOfItIs(string? all, string expected)
    {
        var json = Render<Json>(parameters => parameters.Add(it => it.Text, new string('x', 9_000)).Add(it => it.All, all));

        json.Find("p").TextContent.ShouldBe(expected);
        json.FindAll("a").Select(link => link.GetAttribute("href")).ShouldBe(all is null ? [] : [all]);
    }

    [Fact]
    public void Timeline_OfHostileNames_EncodesThem()
    {
        DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        TimelineRow row = new(
            Guid.Empty,
            "<script>alert(1)</script>",
            "/x",
            StateType.Failed,
            "Failed",
            IsSubflow: false,
            [new TimelinePart(start, start.AddSeconds(1), "failed")],
            [],
            Attempts: 2
        );

        var timeline = Render<Timeline>(parameters =>
            parameters.Add(it => it.Model, new TimelineModel([row], 1, new TimeScale([(start, start.AddSeconds(1))])))
        );

        timeline.FindAll("script").ShouldBeEmpty();
        timeline.Markup.ShouldContain("&lt;script&gt;");
        timeline.Find(".row a").GetAttribute("title").ShouldNotBeNull().ShouldContain("2 attempts, 1 s");
    }

    [Theory]
    [InlineData("see https://example.com/a?b=1.", "https://example.com/a?b=1")]
    [InlineData("(http://a.b/c)", "http://a.b/c")]
    [InlineData("javascript:alert(1) http://", null)]
    public void LinkedText_OfAnAddress_LinksThatOnly(string text, string? expected)
    {
        var links = Render<LinkedText>(parameters => parameters.Add(it => it.Text, text)).FindAll("a");

        links.Select(link => link.GetAttribute("href")).ShouldBe(expected is null ? [] : [expected]);
    }

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(0.24, "240 ms")]
    [InlineData(3.44, "3.4 s")]
    [InlineData(59.9, "1 min")]
    [InlineData(75, "1 min 15 s")]
    [InlineData(4320, "1 h 12 min")]
    [InlineData(90000, "1 d 1 h")]
    public void Duration_InWords_HasTwoUnitsAtMost(double seconds, string expected) => Looks.Duration(seconds).ShouldBe(expected);
}
