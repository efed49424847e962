using Microsoft.AspNetCore.Http;
using Serverless.Web.Dashboard;

namespace Serverless.Web.Tests.Dashboard;

public sealed class TimeWindowTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    [Theory]
    [InlineData("", "2026-03-03T05:30:00Z", "2026-03-04T05:30:00Z", 48)]
    [InlineData("?range=1h", "2026-03-04T04:07:00Z", "2026-03-04T05:07:00Z", 60)]
    [InlineData("?range=7d", "2026-02-25T06:00:00Z", "2026-03-04T06:00:00Z", 56)]
    [InlineData("?range=nonsense", "2026-03-03T05:30:00Z", "2026-03-04T05:30:00Z", 48)]
    [InlineData("?from=2026-03-01 10:00&to=2026-03-01 11:00", "2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z", 30)]
    [InlineData("?from=2026-03-01T10:00:00.5Z&to=2026-03-01T10:00:03Z", "2026-03-01T10:00:00Z", "2026-03-01T10:00:03Z", 3)]
    [InlineData("?from=2026-03-04T04:30:00Z", "2026-03-04T04:30:00Z", "2026-03-04T05:07:00Z", 37)]
    [InlineData("?from=2026-03-04T04:30:00Z&to=2026-03-01T00:00:00Z", "2026-03-03T05:30:00Z", "2026-03-04T05:30:00Z", 48)]
    [InlineData("?from=0001-01-01&to=9999-12-31", "2026-03-03T05:30:00Z", "2026-03-04T05:30:00Z", 48)]
    public void Of_WhatTheAddressSays_IsRoundAndHasFewParts(string query, string start, string end, int count)
    {
        var window = Of(query);

        window.Start.ShouldBe(DateTimeOffset.Parse(start, System.Globalization.CultureInfo.InvariantCulture));
        window.End.ShouldBe(DateTimeOffset.Parse(end, System.Globalization.CultureInfo.InvariantCulture));
        window.Count.ShouldBe(count);
    }

    [Fact]
    public void Path_OfAChosenTime_LeadsToTheSameTime()
    {
        for (var hours = 0.001; hours < 80_000; hours *= 1.7)
        {
            var window = Of(
                $"?from=2020-01-01&to={new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddHours(hours):O}".Replace("+", "%2B")
            );

            window.Count.ShouldBeInRange(1, TimeWindow.MostParts);
            Of(window.Path()["/dashboard".Length..]).ShouldBe(window);
        }
    }

    private static TimeWindow Of(string query)
    {
        DefaultHttpContext http = new();
        http.Request.QueryString = new QueryString(query);
        return TimeWindow.Of(http.Request, Now);
    }
}
