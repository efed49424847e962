using Microsoft.AspNetCore.Http;
using Serverless.Web.Http;

namespace Serverless.Web.FlowRuns;

/// <summary>Which part of a timeline is asked for: what the address of the page says.</summary>
/// <param name="From">When it begins; null for the first task run.</param>
/// <param name="To">When it ends; null for the last one.</param>
/// <param name="Open">The subflow runs whose own task runs are shown below them.</param>
/// <param name="Tab">The tab of the page, which stays as it is.</param>
public sealed record TimelineView(DateTimeOffset? From, DateTimeOffset? To, IReadOnlyList<Guid> Open, string? Tab)
{
    /// <summary>The most subflow runs that are open at once.</summary>
    public const int MostOpen = 10;

    /// <summary>All of it, nothing open.</summary>
    public static TimelineView Whole { get; } = new(null, null, [], null);

    /// <summary>Whether only a part of the time is shown.</summary>
    public bool IsZoomed => From is not null || To is not null;

    /// <summary>What the address says; a time that ends before it begins is none.</summary>
    public static TimelineView Of(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var from = UrlTime.Read(request.Query["from"]);
        var to = UrlTime.Read(request.Query["to"]);
        var isNone = from >= to;
        return new TimelineView(
            isNone ? null : from,
            isNone ? null : to,
            [
                .. request
                    .Query["open"]
                    .ToString()
                    .Split(',')
                    .Select(text => Guid.TryParse(text, out var id) ? id : (Guid?)null)
                    .OfType<Guid>()
                    .Distinct()
                    .Take(MostOpen),
            ],
            request.Query["tab"].ToString() is { Length: > 0 } tab ? tab : null
        );
    }

    /// <summary>The address of a run's page with it.</summary>
    public string Path(Guid flowRunId, bool withTab = true) =>
        Links.Query(
            $"/runs/flow-run/{flowRunId}",
            ("from", UrlTime.Text(From)),
            ("to", UrlTime.Text(To)),
            ("open", string.Join(',', Open)),
            ("tab", withTab ? Tab : null)
        );

    /// <summary>The same with a subflow run opened, or closed.</summary>
    public TimelineView Toggled(Guid id) =>
        this with
        {
            Open = Open.Contains(id) ? [.. Open.Where(other => other != id)] : [.. Open.Append(id).TakeLast(MostOpen)],
        };
}
