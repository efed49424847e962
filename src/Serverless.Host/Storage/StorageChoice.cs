using Serverless.Storage.Azure;
using Serverless.Storage.Sqlite;

namespace Serverless.Host.Storage;

/// <summary>Where the operator wants everything durable to live.</summary>
internal abstract record StorageChoice
{
    /// <summary>In a folder of this machine.</summary>
    /// <param name="Path">The folder.</param>
    /// <param name="Durability">What an acknowledged write survives.</param>
    public sealed record Folder(string Path, SqliteDurability Durability) : StorageChoice;

    /// <summary>In a storage account of Azure, or an emulator of one.</summary>
    /// <param name="Options">The account. Holds secrets: not to be written anywhere.</param>
    public sealed record Account(AzureStorageOptions Options) : StorageChoice;
}
