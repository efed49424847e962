using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests.Binding;

/// <summary>A time without an offset is UTC, wherever the host is.</summary>
[Collection(nameof(TimeZoneTests))]
public sealed class TimeZoneTests : IDisposable
{
    private readonly string? _before = Environment.GetEnvironmentVariable("TZ");

    public static TheoryData<string> Zones => ["UTC", "America/New_York", "Asia/Kolkata"];

    public void Dispose() => Move(_before);

    [Theory]
    [MemberData(nameof(Zones))]
    public void Read_TimeWithoutOffset_IsUtc(string zone)
    {
        Move(zone);
        DateTimeOffset expected = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);

        foreach (var text in new[] { "2026-03-01T10:00:00", "2026-03-01 10:00", "2026-03-01T10:00:00Z" })
        {
            JsonSerializer.Deserialize<DateTimeOffset>($"\"{text}\"", FlowJson.Options).EqualsExact(expected).ShouldBeTrue(text);
            var time = JsonSerializer.Deserialize<DateTime>($"\"{text}\"", FlowJson.Options);
            (time, time.Kind).ShouldBe((expected.UtcDateTime, DateTimeKind.Utc), text);
            JsonSerializer
                .Deserialize<Dictionary<DateTimeOffset, int>>($"{{\"{text}\": 1}}", FlowJson.Options)!
                .Keys.Single()
                .EqualsExact(expected)
                .ShouldBeTrue(text);
            JsonSerializer
                .Deserialize<Dictionary<DateTime, int>>($"{{\"{text}\": 1}}", FlowJson.Options)!
                .Keys.Single()
                .ShouldBe(expected.UtcDateTime, text);
        }
    }

    [Theory]
    [MemberData(nameof(Zones))]
    public void Read_TimeWithOffset_IsThatInstant(string zone)
    {
        Move(zone);

        JsonSerializer
            .Deserialize<DateTimeOffset>("\"2026-03-01T10:00:00+02:00\"", FlowJson.Options)
            .EqualsExact(new DateTimeOffset(2026, 3, 1, 10, 0, 0, TimeSpan.FromHours(2)))
            .ShouldBeTrue();
        var time = JsonSerializer.Deserialize<DateTime>("\"2026-03-01T10:00:00+02:00\"", FlowJson.Options);
        (time, time.Kind).ShouldBe((new DateTime(2026, 3, 1, 8, 0, 0, DateTimeKind.Utc), DateTimeKind.Utc));
    }

    [Theory]
    [MemberData(nameof(Zones))]
    public void Validate_RangeOfTimesWithoutOffset_IsUtc(string zone)
    {
        Move(zone);
        FlowDefinition flow = new(Declared.Method(typeof(TimeZoneTests), nameof(Between)), new FlowAttribute());

        flow.ValidateParameters("""{"at": "2026-03-01T00:00:00Z", "time": "2026-03-01T23:59:59"}""").ShouldBeEmpty();
        flow.ValidateParameters("""{"at": "2026-02-28T23:59:59Z", "time": "2026-03-02T00:00:01Z"}""").Count.ShouldBe(2);
    }

    [Fact]
    public void InvokeAsync_ShownTime_IsTheSameInEveryZone()
    {
        foreach (var zone in Zones)
        {
            Move(zone);
            FlowDefinition flow = new(Declared.Method(typeof(TimeZoneTests), nameof(Show)), new FlowAttribute());

            flow.Callable.Binder.Bind("""{"at": "2026-03-01T10:00:00"}""", default)[0]
                .ShouldBe(new DateTimeOffset(2026, 3, 1, 10, 0, 0, TimeSpan.Zero));
        }
    }

    private static string Show(DateTimeOffset at) => at.ToString("o", CultureInfo.InvariantCulture);

    private static bool Between(
        [Range(typeof(DateTimeOffset), "2026-03-01T00:00:00", "2026-03-02T00:00:00")] DateTimeOffset at,
        [Range(typeof(DateTime), "2026-03-01T00:00:00Z", "2026-03-02T00:00:00")] DateTime time
    ) => at.UtcDateTime < time;

    private static void Move(string? zone)
    {
        Environment.SetEnvironmentVariable("TZ", zone);
        TimeZoneInfo.ClearCachedData();
    }

    /// <summary>The zone is the process's: nothing else runs meanwhile.</summary>
    [CollectionDefinition(nameof(TimeZoneTests), DisableParallelization = true)]
    public sealed class Alone;
}
