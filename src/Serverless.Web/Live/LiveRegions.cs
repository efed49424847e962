using System.Security.Cryptography;
using System.Text;

namespace Serverless.Web.Live;

/// <summary>
/// The parts of a page that follow what happens. Each begins with a mark that has its name and the hash of its content, and ends with a
/// comment. A browser that has the page sends the hashes, and gets only the parts that differ.
/// </summary>
internal static class LiveRegions
{
    /// <summary>The header with what the browser has: <c>name=hash</c>, separated by commas.</summary>
    public const string Header = "Serverless-Live";

    /// <summary>What stands where the hash of a region comes.</summary>
    public const string Unknown = "~";

    private const string Begin = "<div data-live=\"";
    private const string Version = "\" data-version=\"";

    /// <summary>What closes a region. Texts cannot contain it: they are encoded.</summary>
    public static string End(string name) => $"<!--/live:{name}-->";

    /// <summary>Writes the hashes of all regions.</summary>
    /// <param name="html">The page.</param>
    /// <param name="token">The token of its forms, which is another one in each answer and makes no difference.</param>
    public static string Stamp(string html, string token)
    {
        StringBuilder stamped = new(html.Length + 256);
        var done = 0;
        foreach (var region in Regions(html, token))
        {
            stamped.Append(html, done, region.VersionAt - done).Append(region.Hash);
            done = region.VersionAt + Unknown.Length;
        }

        return stamped.Append(html, done, html.Length - done).ToString();
    }

    /// <summary>Of a page whose hashes are written: templates of the regions that differ; nothing when none does.</summary>
    public static string Changed(string html, string known)
    {
        Dictionary<string, string> had = new(StringComparer.Ordinal);
        foreach (var part in known.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = part.IndexOf('=');
            if (at > 0)
            {
                had[part[..at]] = part[(at + 1)..];
            }
        }

        StringBuilder changed = new();
        foreach (var region in Regions(html, token: null))
        {
            if (had.TryGetValue(region.Name, out var hash) && hash != region.Hash)
            {
                changed
                    .Append("<template data-region=\"")
                    .Append(region.Name)
                    .Append(Version)
                    .Append(region.Hash)
                    .Append("\">")
                    .Append(html, region.ContentAt, region.ContentEnd - region.ContentAt)
                    .Append("</template>");
            }
        }

        return changed.ToString();
    }

    private static IEnumerable<Region> Regions(string html, string? token)
    {
        var at = 0;
        while ((at = html.IndexOf(Begin, at, StringComparison.Ordinal)) >= 0)
        {
            var nameAt = at + Begin.Length;
            var nameEnd = html.IndexOf('"', nameAt);
            var name = html[nameAt..nameEnd];
            var versionAt = nameEnd + Version.Length;
            var contentAt = html.IndexOf('>', versionAt) + 1;
            var end = html.IndexOf(End(name), contentAt, StringComparison.Ordinal);
            var contentEnd = end < 0 ? html.Length : end;
            var written = html[versionAt..html.IndexOf('"', versionAt)];
            yield return new Region(
                name,
                versionAt,
                contentAt,
                contentEnd,
                written == Unknown ? HashOf(Without(token, html[contentAt..contentEnd])) : written
            );
            at = contentEnd;
        }
    }

    private static string Without(string? token, string content) =>
        string.IsNullOrEmpty(token) ? content : content.Replace(token, "", StringComparison.Ordinal);

    private static string HashOf(ReadOnlySpan<char> content) =>
        Convert.ToHexStringLower(SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(content)).AsSpan(0, 8));

    private readonly record struct Region(string Name, int VersionAt, int ContentAt, int ContentEnd, string Hash);
}
