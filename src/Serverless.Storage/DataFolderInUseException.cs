namespace Serverless.Storage;

/// <summary>Another store, mostly of another process, holds the data folder.</summary>
public sealed class DataFolderInUseException : RowStoreOpenException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="folder">The folder, as a full path.</param>
    /// <param name="innerException">What the operating system said.</param>
    public DataFolderInUseException(string folder, Exception? innerException = null)
        : base($"The data folder '{folder}' is in use by another process.", innerException)
    {
        Folder = folder;
    }

    /// <summary>The folder, as a full path.</summary>
    public string Folder { get; }
}
