namespace Azure.Storage.Blobs.Internal;

/// <summary>Signs with an account's key, which the credential hands out to nobody: it signs for classes derived from it.</summary>
internal sealed class KeySigner : StorageSharedKeyCredential
{
    private KeySigner(string accountName, string accountKey)
        : base(accountName, accountKey)
    {
    }

    /// <summary>The base64 of the HMAC-SHA256 of a text.</summary>
    public static string Sign(StorageSharedKeyCredential credential, string text) => ComputeSasSignature(credential, text);
}
