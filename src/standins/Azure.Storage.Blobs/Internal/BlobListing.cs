using System.Globalization;
using System.Xml.Linq;
using Azure.Core;
using Azure.Storage.Blobs.Models;

namespace Azure.Storage.Blobs.Internal;

/// <summary>The blobs of a container, page by page, in the order of their names.</summary>
internal sealed class BlobListing(BlobEndpoint endpoint, string container, string prefix, CancellationToken cancellationToken)
    : AsyncPageable<BlobItem>(cancellationToken)
{
    public override async IAsyncEnumerable<Page<BlobItem>> AsPages(string continuationToken = null, int? pageSizeHint = null)
    {
        do
        {
            Page<BlobItem> page = await LoadAsync(continuationToken, pageSizeHint);
            yield return page;
            continuationToken = page.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(continuationToken));
    }

    private static BlobItem Read(XElement blob)
    {
        XElement name = blob.Element("Name");
        XElement properties = blob.Element("Properties");
        string Of(string property) => properties.Element(property)?.Value is { Length: > 0 } value ? value : null;
        return new BlobItem(
            (string)name.Attribute("Encoded") == "true" ? Uri.UnescapeDataString(name.Value) : name.Value,
            new BlobItemProperties
            {
                ContentLength = Of("Content-Length") is { } length ? long.Parse(length, CultureInfo.InvariantCulture) : null,
                CreatedOn = Of("Creation-Time") is { } created ? BlobEndpoint.DateOf(created) : null,
                LastModified = Of("Last-Modified") is { } modified ? BlobEndpoint.DateOf(modified) : null,
                ETag = Of("Etag") is { } etag ? new ETag(etag) : null,
            });
    }

    private async Task<Page<BlobItem>> LoadAsync(string marker, int? size)
    {
        using HttpMessage message = endpoint.CreateMessage(RequestMethod.Get, endpoint.Locate(container), 200);
        RequestUriBuilder uri = message.Request.Uri;
        uri.AppendQuery("restype", "container");
        uri.AppendQuery("comp", "list");
        if (!string.IsNullOrEmpty(prefix))
        {
            uri.AppendQuery("prefix", prefix, escapeValue: true);
        }

        if (!string.IsNullOrEmpty(marker))
        {
            uri.AppendQuery("marker", marker, escapeValue: true);
        }

        if (size is not null)
        {
            uri.AppendQuery("maxresults", size.Value.ToString(CultureInfo.InvariantCulture));
        }

        Response response = await endpoint.SendAsync(message, CancellationToken);
        XElement root = XElement.Load(response.Content.ToStream());
        BlobItem[] items = [.. (root.Element("Blobs")?.Elements("Blob") ?? []).Select(Read)];
        return Page<BlobItem>.FromValues(items, root.Element("NextMarker")?.Value is { Length: > 0 } next ? next : null, response);
    }
}
