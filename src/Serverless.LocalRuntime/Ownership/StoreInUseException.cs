using Serverless.Storage;

namespace Serverless.LocalRuntime.Ownership;

/// <summary>Another process runs the instances of the store.</summary>
public sealed class StoreInUseException : RowStoreOpenException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="owner">Who the other process is.</param>
    public StoreInUseException(string owner)
        : base($"The storage is in use by another process ({owner}).") => Owner = owner;

    /// <summary>Who the other process is: its machine and its id there.</summary>
    public string Owner { get; }
}
