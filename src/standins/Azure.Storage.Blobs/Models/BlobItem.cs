namespace Azure.Storage.Blobs.Models;

public class BlobItem
{
    internal BlobItem(string name, BlobItemProperties properties)
    {
        Name = name;
        Properties = properties;
    }

    public string Name { get; }

    public BlobItemProperties Properties { get; }
}
