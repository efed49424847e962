namespace Serverless.Web.Shared;

/// <summary>Where one is in a list.</summary>
/// <param name="Text">Which rows are shown, in words.</param>
/// <param name="Previous">The address of the page before; null for none.</param>
/// <param name="Next">The address of the page after; null for none.</param>
public sealed record PagerModel(string Text, string? Previous, string? Next)
{
    /// <summary>The address of the first page, where the previous one is not the way to it; null for none.</summary>
    public string? First { get; init; }

    /// <summary>What the link to the next page says.</summary>
    public string NextText { get; init; } = "Next";

    /// <summary>The page of a list that is counted.</summary>
    /// <param name="offset">How many rows come before.</param>
    /// <param name="count">How many are shown.</param>
    /// <param name="size">How many a page has.</param>
    /// <param name="hasMore">Whether more follow.</param>
    /// <param name="address">The address of the page that begins after so many.</param>
    public static PagerModel At(int offset, int count, int size, bool hasMore, Func<int, string> address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new(
            $"{Looks.Number(offset + 1)}–{Looks.Number(offset + count)}",
            offset > 0 ? address(Math.Max(0, offset - size)) : null,
            hasMore ? address(offset + size) : null
        );
    }
}
