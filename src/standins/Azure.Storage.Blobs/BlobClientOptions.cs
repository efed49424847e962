using Azure.Core;

namespace Azure.Storage.Blobs;

public class BlobClientOptions : ClientOptions
{
    public BlobClientOptions(ServiceVersion version = ServiceVersion.V2021_12_02)
    {
        Version = version;
    }

    public enum ServiceVersion
    {
        V2021_12_02 = 15,
    }

    public ServiceVersion Version { get; }
}
