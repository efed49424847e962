namespace Serverless.Storage;

/// <summary>A store that knows how it is.</summary>
public interface IStoreHealth
{
    /// <summary>How the store is now.</summary>
    StoreHealth Health { get; }
}
