namespace Serverless.Storage;

/// <summary>A store that knows how it is.</summary>
public interface IStoreHealth
{
    /// <summary>How the store is now.</summary>
    StoreHealth Health { get; }

    /// <summary>How many bytes it takes on the disk, what is not yet in its final place included.</summary>
    long Bytes { get; }
}
