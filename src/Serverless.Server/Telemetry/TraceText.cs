using System.Diagnostics;

namespace Serverless.Server.Telemetry;

/// <summary>
/// The W3C context of a trace as it is stored: the <c>traceparent</c>, and after a space the <c>tracestate</c> if there is one
/// (<see href="https://www.w3.org/TR/trace-context/"/>).
/// </summary>
internal static class TraceText
{
    /// <summary>Longer ones, which the recommendation does not ask to be carried on, are left out.</summary>
    private const int MaxState = 512;

    /// <summary>The trace that the caller is part of; null when it is part of none, or of one that nobody records.</summary>
    /// <remarks>ASP.NET Core makes an activity for each request, for its logs, also when nobody listens.</remarks>
    public static string? OfCurrent() =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C } current
        && (current.Recorded || RunSpans.Source.HasListeners())
        && current.Id is { } parent
            ? current.TraceStateString is { Length: > 0 and <= MaxState } state
                ? $"{parent} {state}"
                : parent
            : null;

    /// <summary>Reads it; the default, which is of no trace, for null and what is no context.</summary>
    public static ActivityContext Parse(string? text)
    {
        if (text is null)
        {
            return default;
        }

        var space = text.IndexOf(' ', StringComparison.Ordinal);
        (var parent, var state) = space < 0 ? (text, null) : (text[..space], text[(space + 1)..]);
        return ActivityContext.TryParse(parent, state, isRemote: true, out var context) ? context : default;
    }
}
