using System.Globalization;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Azure.Core;

namespace Azure.Data.Tables.Internal;

/// <summary>Reads the code and the message of a refusal from its body: <c>odata.error</c> in JSON, or XML when the request got no further than the gateway.</summary>
internal sealed class TableErrorParser : RequestFailedDetailsParser
{
    /// <summary>Where an exception's data has the index of the action that failed, as the real client names it.</summary>
    internal const string FailedIndexKey = "FailedEntity";

    public static TableErrorParser Instance { get; } = new();

    public override bool TryParse(Response response, out ResponseError error, out IDictionary<string, string> data)
    {
        error = null;
        data = null;
        if (response.ContentStream is not { CanSeek: true } content || content.Length == 0)
        {
            return false;
        }

        content.Position = 0;
        string text = new StreamReader(content).ReadToEnd();
        content.Position = 0;
        (string code, string message) = text.AsSpan().TrimStart() switch
        {
            ['{', ..] => FromJson(text),
            ['<', ..] => FromXml(text),
            _ => default,
        };
        if (code is null)
        {
            return false;
        }

        error = new ResponseError(code, message);
        int colon = message?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (colon > 0 && int.TryParse(message.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            // A failed transaction's message begins with the index of the action: "3:The specified entity already exists."
            data = new Dictionary<string, string> { [FailedIndexKey] = index.ToString(CultureInfo.InvariantCulture) };
        }

        return true;
    }

    private static (string Code, string Message) FromJson(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            if (!document.RootElement.TryGetProperty("odata.error", out JsonElement error))
            {
                return default;
            }

            string message = error.TryGetProperty("message", out JsonElement texts)
                ? texts.ValueKind == JsonValueKind.Object && texts.TryGetProperty("value", out JsonElement value) ? value.GetString() : texts.ToString()
                : null;
            return (error.TryGetProperty("code", out JsonElement code) ? code.GetString() : null, message);
        }
        catch (JsonException)
        {
            // Not what a table service says: the exception goes without a code.
            return default;
        }
    }

    private static (string Code, string Message) FromXml(string text)
    {
        try
        {
            XElement root = XElement.Parse(text);
            string Of(string name) => root.Elements().FirstOrDefault(e => string.Equals(e.Name.LocalName, name, StringComparison.OrdinalIgnoreCase))?.Value;
            return (Of("code"), Of("message"));
        }
        catch (XmlException)
        {
            // Likewise.
            return default;
        }
    }
}
