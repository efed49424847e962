using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Renderers.Html.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Serverless.Web.Artifacts;

/// <summary>
/// Renders the Markdown that runs wrote, and nobody has looked at: HTML in it is text, links go to the web only, and pictures of other
/// hosts, by which somebody could see who looks, are links.
/// </summary>
internal static class MarkdownHtml
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml()
        .UsePipeTables()
        .UseEmphasisExtras()
        .UseAutoLinks()
        .Build();

    /// <summary>The HTML of a text.</summary>
    public static string Of(string text)
    {
        var document = Markdown.Parse(text, Pipeline);
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
            if (!IsSafe(link.Url, link.IsImage))
            {
                link.Url = link.IsImage && IsSafe(link.Url, isImage: false) ? link.Url : "";
                link.IsImage = false;
            }

            link.GetAttributes().AddPropertyIfNotExist("rel", "noreferrer noopener nofollow");
        }

        foreach (var link in document.Descendants<AutolinkInline>())
        {
            link.GetAttributes().AddPropertyIfNotExist("rel", "noreferrer noopener nofollow");
        }

        using StringWriter html = new();
        HtmlRenderer renderer = new(html);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.ReplaceOrAdd<AutolinkInlineRenderer>(new AutolinkInlineRenderer { Rel = "noreferrer noopener nofollow" });
        renderer.Render(document);
        return html.ToString();
    }

    /// <summary>Whether an address may be followed, or a picture shown: one that is part of the text itself.</summary>
    public static bool IsSafe(string? address, bool isImage) =>
        isImage
            ? address is not null && address.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase)
            : Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "mailto";
}
