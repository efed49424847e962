namespace Serverless.Storage.Sqlite;

/// <summary>
/// Keeps a second process out of the folder by a lock of the operating system on a file beside the database
/// (flock on Unix); it ends with the process, however that ends. The empty file stays.
/// </summary>
internal sealed class DataFolderLock : IDisposable
{
    // EWOULDBLOCK on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows.
    private static readonly int[] InUse = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    /// <summary>Creates the folder if need be and takes the lock.</summary>
    /// <exception cref="DataFolderInUseException">Another store has it.</exception>
    /// <exception cref="RowStoreOpenException">The folder cannot be created or written.</exception>
    public static DataFolderLock Acquire(string databasePath)
    {
        string folder = Path.GetDirectoryName(databasePath)!;
        try
        {
            Directory.CreateDirectory(folder);
            return new(new FileStream(databasePath + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException e) when (InUse.Contains(e.HResult))
        {
            throw new DataFolderInUseException(folder, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RowStoreOpenException($"The data folder '{folder}' cannot be written: {e.Message}", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
