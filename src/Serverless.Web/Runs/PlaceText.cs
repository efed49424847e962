using System.Globalization;
using Serverless.Core.Filters;
using Serverless.Server.Runs;

namespace Serverless.Web.Runs;

/// <summary>
/// Places in lists of runs as addresses have them: what the order looks at, a tilde, and the id. A name that is too long for an address is
/// left out, with the tilde; the run is then looked up.
/// </summary>
internal static class PlaceText
{
    private const int LongestName = 200;
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    /// <summary>The text of a place.</summary>
    public static string Of(FlowRunPlace place) =>
        place.Value switch
        {
            DateTimeOffset time => $"{time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}~{place.Id}",
            string { Length: > LongestName } => place.Id.ToString(),
            string name => $"{name}~{place.Id}",
            _ => $"~{place.Id}",
        };

    /// <summary>The place that a text says; null for one that says none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="sort">The order of the list.</param>
    /// <param name="isWhole">False when the run has to be looked up for the rest.</param>
    public static FlowRunPlace? Read(string text, FlowRunSort sort, out bool isWhole)
    {
        var at = text.LastIndexOf('~');
        isWhole = at >= 0;
        if (!Guid.TryParse(text.AsSpan(at + 1), out var id))
        {
            return null;
        }

        var value = at < 0 ? "" : text[..at];
        return sort switch
        {
            FlowRunSort.NameAsc or FlowRunSort.NameDesc => new(value, id),
            _ when value.Length == 0 => new(null, id),
            FlowRunSort.IdDesc => null,
            _ => DateTimeOffset.TryParseExact(
                value,
                TimeFormat,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var time
            )
                ? new(time, id)
                : null,
        };
    }
}
