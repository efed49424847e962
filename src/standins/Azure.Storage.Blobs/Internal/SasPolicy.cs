using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Storage.Blobs.Internal;

/// <summary>Adds a shared access signature to the query of each try, once, and anew when the credential was updated.</summary>
internal sealed class SasPolicy(AzureSasCredential credential) : HttpPipelineSynchronousPolicy
{
    private const string AddedKey = "Azure.Storage.Blobs.Sas";

    public override void OnSendingRequest(HttpMessage message)
    {
        string query = message.Request.Uri.Query;
        string signature = credential.Signature.TrimStart('?');
        if (message.TryGetProperty(AddedKey, out object added) && added is string old)
        {
            if (old == signature)
            {
                return;
            }

            query = query.Replace(old, signature, StringComparison.Ordinal);
        }
        else
        {
            query = query.Length > 1 ? $"{query}&{signature}" : $"?{signature}";
        }

        message.Request.Uri.Query = query;
        message.SetProperty(AddedKey, signature);
    }
}
