using System.Globalization;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables.Internal;

/// <summary>Signs each try with the account's key: date and resource (scheme "Shared Key Lite" of the table service).</summary>
internal sealed class SharedKeyLitePolicy(TableSharedKeyCredential credential) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        Request request = message.Request;
        string date = TimeProvider.System.GetUtcNow().ToString("r", CultureInfo.InvariantCulture);
        Uri uri = request.Uri.ToUri();
        string resource = $"/{credential.AccountName}{uri.AbsolutePath}";
        foreach (string parameter in uri.Query.TrimStart('?').Split('&'))
        {
            if (parameter.StartsWith("comp=", StringComparison.Ordinal))
            {
                resource += "?" + parameter;
            }
        }

        request.Headers.SetValue("x-ms-date", date);
        request.Headers.SetValue("Authorization", $"SharedKeyLite {credential.AccountName}:{credential.Sign($"{date}\n{resource}")}");
    }
}
