using System.Globalization;

namespace Serverless.Web.Http;

/// <summary>Times in addresses, which are UTC unless they say otherwise.</summary>
internal static class UrlTime
{
    /// <summary>The time that a text says; null for one that says none.</summary>
    public static DateTimeOffset? Read(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUniversalTime()
            : null;

    /// <summary>A time as addresses have it, to the millisecond.</summary>
    public static string? Text(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>A time as people type it, to the second.</summary>
    public static string? Typed(DateTimeOffset? time) =>
        time?.UtcDateTime is not { } utc
            ? null
            : utc.ToString(utc.Second == 0 ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
