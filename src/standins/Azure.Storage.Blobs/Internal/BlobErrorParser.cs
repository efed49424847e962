using System.Xml;
using System.Xml.Linq;
using Azure.Core;

namespace Azure.Storage.Blobs.Internal;

/// <summary>Reads the code and the message of a refusal: from its XML, or the code alone from a header.</summary>
internal sealed class BlobErrorParser : RequestFailedDetailsParser
{
    public static BlobErrorParser Instance { get; } = new();

    public override bool TryParse(Response response, out ResponseError error, out IDictionary<string, string> data)
    {
        data = null;
        response.Headers.TryGetValue("x-ms-error-code", out string code);
        string message = null;
        if (response.ContentStream is { CanSeek: true, Length: > 0 } content)
        {
            try
            {
                content.Position = 0;
                XElement root = XElement.Load(content);
                code = root.Element("Code")?.Value ?? code;
                message = root.Element("Message")?.Value;
            }
            catch (XmlException)
            {
                // Not what a blob service says: the exception goes without a message.
            }

            content.Position = 0;
        }

        error = code is null ? null : new ResponseError(code, message);
        return error is not null;
    }
}
