using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Renderers.Html.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Serverless.Web.Shared;

namespace Serverless.Web.Artifacts;

/// <summary>
/// Renders the Markdown that runs wrote, and nobody has looked at: HTML in it is text, links go to the web only, and pictures of other
/// hosts, by which somebody could see who looks, are links.
/// </summary>
internal static class MarkdownHtml
{
    private const string Foreign = "noreferrer noopener nofollow";

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml()
        .UsePipeTables()
        .UseEmphasisExtras()
        .UseAutoLinks()
        .Build();

    /// <summary>What a text says, without its marks and in one line, for a list.</summary>
    /// <param name="text">The text.</param>
    /// <param name="length">How many characters at most.</param>
    public static string Plain(string text, int length)
    {
        var start = Looks.Cut(text, 4 * length);
        try
        {
            start = Markdown.ToPlainText(start, Pipeline);
        }
        catch (ArgumentException)
        {
            // Nested so deeply that nobody wrote it by hand: as it is.
        }

        return Looks.Cut(string.Join(' ', start.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), length);
    }

    /// <summary>The HTML of a text; null for one that is nested so deeply that nobody wrote it by hand.</summary>
    public static string? Of(string text)
    {
        MarkdownDocument document;
        try
        {
            document = Markdown.Parse(text, Pipeline);
        }
        catch (ArgumentException)
        {
            return null;
        }

        foreach (var heading in document.Descendants<HeadingBlock>())
        {
            // Below the page's own headings.
            heading.Level = Math.Min(6, heading.Level + 1);
        }

        foreach (var column in document.Descendants<Table>().SelectMany(table => table.ColumnDefinitions))
        {
            // It would be written as a style, which the page's policy forbids.
            column.Alignment = null;
        }

        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            // A link by reference would ask its definition again when it is written.
            var address = link.GetDynamicUrl?.Invoke() ?? link.Url;
            link.GetDynamicUrl = null;
            link.IsImage = link.IsImage && IsSafe(address, isImage: true);
            link.Url = link.IsImage || IsSafe(address, isImage: false) ? address : "";
            link.GetAttributes().AddPropertyIfNotExist("rel", Foreign);
        }

        foreach (var link in document.Descendants<AutolinkInline>().ToList())
        {
            if (!link.IsEmail && !IsSafe(link.Url, isImage: false))
            {
                link.ReplaceBy(new LiteralInline(link.Url));
            }
        }

        using StringWriter html = new();
        HtmlRenderer renderer = new(html);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.ReplaceOrAdd<AutolinkInlineRenderer>(new AutolinkInlineRenderer { Rel = Foreign });
        renderer.Render(document);
        return html.ToString();
    }

    /// <summary>Whether an address may be followed, or a picture shown: one that is part of the text itself.</summary>
    public static bool IsSafe(string? address, bool isImage) =>
        isImage
            ? address is not null && address.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase)
            : Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "mailto";
}
