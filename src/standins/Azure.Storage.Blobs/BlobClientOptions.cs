using Azure.Core;

namespace Azure.Storage.Blobs;

public class BlobClientOptions : ClientOptions
{
    public BlobClientOptions(ServiceVersion version = ServiceVersion.V2021_12_02)
    {
        Version = version;
        foreach (string header in (string[])["x-ms-version", "x-ms-error-code", "x-ms-blob-type", "x-ms-delete-snapshots"])
        {
            Diagnostics.LoggedHeaderNames.Add(header);
        }

        foreach (string name in (string[])["comp", "restype", "prefix", "marker", "maxresults"])
        {
            Diagnostics.LoggedQueryParameters.Add(name);
        }
    }

    public enum ServiceVersion
    {
        V2021_12_02 = 15,
    }

    public ServiceVersion Version { get; }

    internal string VersionText
        => Version switch
        {
            ServiceVersion.V2021_12_02 => "2021-12-02",
            _ => throw new InvalidOperationException("The version of the service is not supported by this client."),
        };
}
