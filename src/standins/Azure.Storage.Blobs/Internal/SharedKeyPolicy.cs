using System.Globalization;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Storage.Blobs.Internal;

/// <summary>Signs each try with the account's key: method, headers and resource (scheme "Shared Key").</summary>
internal sealed class SharedKeyPolicy(StorageSharedKeyCredential credential) : HttpPipelineSynchronousPolicy
{
    private static readonly string[] SignedHeaders =
    [
        "Content-Encoding", "Content-Language", "Content-Length", "Content-MD5", "Content-Type", "Date",
        "If-Modified-Since", "If-Match", "If-None-Match", "If-Unmodified-Since", "Range",
    ];

    public override void OnSendingRequest(HttpMessage message)
    {
        Request request = message.Request;
        request.Headers.SetValue("x-ms-date", TimeProvider.System.GetUtcNow().ToString("r", CultureInfo.InvariantCulture));
        string signature = KeySigner.Sign(credential, TextToSign(request));
        request.Headers.SetValue("Authorization", $"SharedKey {credential.AccountName}:{signature}");
    }

    private string TextToSign(Request request)
    {
        StringBuilder text = new(request.Method.ToString());
        text.Append('\n');
        foreach (string name in SignedHeaders)
        {
            string value = name == "Content-Length" ? LengthOf(request) : request.Headers.TryGetValue(name, out string header) ? header : "";
            text.Append(value).Append('\n');
        }

        foreach ((string name, string value) in request.Headers
            .Where(header => header.Name.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase))
            .Select(header => (Name: header.Name.ToLowerInvariant(), header.Value))
            .OrderBy(header => header.Name, StringComparer.Ordinal))
        {
            text.Append(name).Append(':').Append(value).Append('\n');
        }

        Uri uri = request.Uri.ToUri();
        text.Append('/').Append(credential.AccountName).Append(uri.AbsolutePath.Length > 0 ? uri.AbsolutePath : "/");
        foreach ((string name, string value) in uri.Query.TrimStart('?')
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(parameter => parameter.Split('=', 2))
            .Select(parts => (Name: Uri.UnescapeDataString(parts[0]).ToLowerInvariant(), Value: Uri.UnescapeDataString(parts.Length > 1 ? parts[1] : "")))
            .OrderBy(parameter => parameter.Name, StringComparer.Ordinal))
        {
            text.Append('\n').Append(name).Append(':').Append(value);
        }

        return text.ToString();
    }

    // An empty body is signed as if it had no length.
    private static string LengthOf(Request request)
        => request.Content is not null && request.Content.TryComputeLength(out long length) && length > 0
            ? length.ToString(CultureInfo.InvariantCulture)
            : "";
}
