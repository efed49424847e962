using Serverless.Web.Live;

namespace Serverless.Web.Tests.Live;

public sealed class LiveRegionsTests
{
    [Fact]
    public void Changed_SameContent_IsNothing()
    {
        var page = LiveRegions.Stamp(Page("one", "two"), "");

        LiveRegions.Changed(page, $"a={Version(page, "a")},b={Version(page, "b")}").ShouldBeEmpty();
    }

    [Fact]
    public void Changed_OneRegion_IsThatOneOnly()
    {
        var before = LiveRegions.Stamp(Page("one", "two"), "");
        var after = LiveRegions.Stamp(Page("one", "three"), "");

        var changed = LiveRegions.Changed(after, $"a={Version(before, "a")},b={Version(before, "b")}");

        changed.ShouldBe($"<template data-region=\"b\" data-version=\"{Version(after, "b")}\">three</template>");
    }

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("a")]
    [InlineData("x=1,y=2")]
    public void Changed_OfRegionsThatTheBrowserHasNot_IsNothing(string known) =>
        LiveRegions.Changed(LiveRegions.Stamp(Page("one", "two"), ""), known).ShouldBeEmpty();

    private static string Page(string a, string b) => $"<main>{Region("a", a)} between {Region("b", b)}</main>";

    private static string Region(string name, string content) =>
        $"<div data-live=\"{name}\" data-version=\"{LiveRegions.Unknown}\" class=\"x\">{content}{LiveRegions.End(name)}</div>";

    private static string Version(string page, string name)
    {
        var before = $"data-live=\"{name}\" data-version=\"";
        var at = page.IndexOf(before, StringComparison.Ordinal) + before.Length;
        return page[at..page.IndexOf('"', at)];
    }
}
