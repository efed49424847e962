using Serverless.Server.Schedules;

namespace Serverless.Server.Tests.Schedules;

public sealed class ScheduleZoneTests
{
    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("US/Eastern")]
    [InlineData("America/Argentina/Buenos_Aires")]
    [InlineData("Etc/GMT+5")]
    [InlineData("EST5EDT")]
    [InlineData("Zulu")]
    [InlineData("Etc/UTC")]
    [InlineData("GMT")]
    [InlineData("UTC")]
    [InlineData("")]
    [InlineData(null)]
    public void TryFind_OfIanaNames_Finds(string? name) => ScheduleZone.TryFind(name, out _).ShouldBeTrue();

    [Theory]
    [InlineData("fake")]
    [InlineData("europe/berlin")]
    [InlineData("utc")]
    [InlineData("Europe")]
    [InlineData("+02:00")]
    [InlineData("UTC+2")]
    [InlineData("Local")]
    [InlineData("localtime")]
    [InlineData("right/Europe/Berlin")]
    [InlineData("posix/Europe/Berlin")]
    [InlineData("../zoneinfo/Europe/Berlin")]
    [InlineData("/usr/share/zoneinfo/Europe/Berlin")]
    [InlineData("zone.tab")]
    [InlineData("W. Europe Standard Time")]
    public void TryFind_OfAnythingElse_DoesNot(string name) => ScheduleZone.TryFind(name, out _).ShouldBeFalse();

    [Theory]
    [InlineData("Europe/Berlin", "2024-03-31T02:30:00", "2024-03-31T01:30:00", "2024-03-31T00:30:00")]
    [InlineData("Europe/Berlin", "2024-10-27T02:30:00", "2024-10-27T00:30:00", "2024-10-27T00:30:00")]
    [InlineData("Australia/Lord_Howe", "2023-10-01T02:10:00", "2023-09-30T15:40:00", "2023-09-30T15:10:00")]
    [InlineData("America/Sao_Paulo", "2018-11-04T00:30:00", "2018-11-04T03:30:00", "2018-11-04T02:30:00")]
    [InlineData("Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T22:00:00", "2011-12-29T22:00:00")]
    [InlineData("UTC", "2011-12-30T12:00:00", "2011-12-30T12:00:00", "2011-12-30T12:00:00")]
    public void Instant_OfATimeOnTheClock_IsTheFirstOrMoved(string name, string wall, string later, string earlier)
    {
        ScheduleZone.TryFind(name, out var zone).ShouldBeTrue();
        var time = Times.At(wall).DateTime;

        zone!.Instant(time, Gap.Later).Utc.ShouldBe(Times.At(later).DateTime);
        zone.Instant(time, Gap.Earlier).Utc.ShouldBe(Times.At(earlier).DateTime);
    }
}
