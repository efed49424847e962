using System.Globalization;

namespace Serverless.Web.Charts;

/// <summary>Numbers, times and marks of drawings.</summary>
internal static class Drawing
{
    /// <summary>A coordinate.</summary>
    public static string N(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>A place or a length as a part of the width.</summary>
    public static string Percent(double part) => string.Create(CultureInfo.InvariantCulture, $"{part * 100:0.##}%");

    /// <summary>A time in few words, in UTC: what a span of that length leaves of it.</summary>
    public static string Clock(DateTimeOffset time, TimeSpan span) =>
        time.UtcDateTime.ToString(
            span < TimeSpan.FromSeconds(10) ? "HH:mm:ss.f"
                : span < TimeSpan.FromMinutes(5) ? "HH:mm:ss"
                : span <= TimeSpan.FromDays(1) ? "HH:mm"
                : span <= TimeSpan.FromDays(8) ? "ddd HH:mm"
                : span <= TimeSpan.FromDays(200) ? "MMM d"
                : "yyyy-MM",
            CultureInfo.InvariantCulture
        );

    /// <summary>
    /// What the script needs to know which time lies where: pieces of a scale, each with its place and its width in thousandths of the
    /// drawing's ground, and its times in milliseconds since 1970.
    /// </summary>
    public static string Pieces(IEnumerable<(double At, double Width, DateTimeOffset Start, DateTimeOffset End)> pieces) =>
        string.Join(
            ';',
            pieces.Select(piece =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{piece.At * 1000:0.#},{piece.Width * 1000:0.#},"
                        + $"{piece.Start.ToUnixTimeMilliseconds()},{piece.End.ToUnixTimeMilliseconds()}"
                )
            )
        );

    /// <summary>The least round number that is not below, one that has a half.</summary>
    public static double Round(double most)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(most, double.Epsilon))));
        return new[] { 1.0, 2, 4, 6, 8, 10 }.Select(times => times * power).First(round => round >= most * 0.999999);
    }
}
