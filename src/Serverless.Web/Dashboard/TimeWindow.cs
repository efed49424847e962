using Microsoft.AspNetCore.Http;
using Serverless.Web.Http;

namespace Serverless.Web.Dashboard;

/// <summary>
/// The time that the dashboard shows, in equal parts. The borders are round times, so that the page changes only when something
/// happens or a part is over, and so that counts come from the store's rollups.
/// </summary>
/// <param name="Range">The name of a span that ends now; null for one with a beginning and an end.</param>
/// <param name="Start">When it begins.</param>
/// <param name="Step">How long a part is.</param>
/// <param name="Count">How many parts there are.</param>
public sealed record TimeWindow(string? Range, DateTimeOffset Start, TimeSpan Step, int Count)
{
    /// <summary>The most parts.</summary>
    public const int MostParts = 60;

    private const string Default = "24h";
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3660);

    private static readonly TimeSpan[] Steps =
    [
        .. new double[]
        {
            1,
            2,
            5,
            10,
            15,
            30,
            60,
            120,
            300,
            600,
            900,
            1800,
            3600,
            7200,
            10800,
            21600,
            43200,
            86400,
            172800,
            604800,
        }.Select(TimeSpan.FromSeconds),
    ];

    /// <summary>The spans that end now: their names in addresses, and in words.</summary>
    public static IReadOnlyList<(string Name, string Text, TimeSpan Step, int Count)> Ranges { get; } =
    [
        ("1h", "1 hour", TimeSpan.FromMinutes(1), 60),
        (Default, "24 hours", TimeSpan.FromMinutes(30), 48),
        ("7d", "7 days", TimeSpan.FromHours(3), 56),
        ("30d", "30 days", TimeSpan.FromHours(12), 60),
    ];

    /// <summary>When it ends; this time belongs to it no more.</summary>
    public DateTimeOffset End => Start + (Step * Count);

    /// <summary>What the address says; the last day when it says nothing, or nothing that makes sense.</summary>
    public static TimeWindow Of(HttpRequest request, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        var from = UrlTime.Read(request.Query["from"]);
        var to = UrlTime.Read(request.Query["to"]) ?? now;
        if (from is { } start && start < to && to - start <= Longest && to < DateTimeOffset.MaxValue - Longest)
        {
            return Between(start, to);
        }

        var asked = request.Query["range"].ToString();
        var (name, _, step, count) = Ranges.FirstOrDefault(range => range.Name == asked) is { Name: not null } known
            ? known
            : Ranges.Single(range => range.Name == Default);

        // What is due at this moment is shown, too.
        return new TimeWindow(name, Floor(now, step) + step - (step * count), step, count);
    }

    /// <summary>The address of the dashboard with it.</summary>
    public string Path() =>
        Range is null
            ? Links.Query("/dashboard", ("from", UrlTime.Text(Start)), ("to", UrlTime.Text(End)))
            : Links.Query("/dashboard", ("range", Range == Default ? null : Range));

    private static TimeWindow Between(DateTimeOffset from, DateTimeOffset to)
    {
        var step = Array.Find(Steps, step => step * (MostParts - 1) >= to - from);
        if (step == TimeSpan.Zero)
        {
            step = TimeSpan.FromDays(Math.Ceiling((to - from).TotalDays / (MostParts - 1)));
        }

        var start = Floor(from, step);
        return new TimeWindow(null, start, step, (int)((Ceiling(to, step) - start).Ticks / step.Ticks));
    }

    private static DateTimeOffset Floor(DateTimeOffset time, TimeSpan step) => time - TimeSpan.FromTicks(time.UtcTicks % step.Ticks);

    private static DateTimeOffset Ceiling(DateTimeOffset time, TimeSpan step) => Floor(time + step - TimeSpan.FromTicks(1), step);
}
