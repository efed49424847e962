namespace Serverless.Storage.Sqlite;

/// <summary>
/// Keeps a second process out of the folder by locks of the operating system that end with the process, however that
/// ends: on a file beside the database, whose empty file stays, and on Unix on the folder itself. Somebody can delete
/// the file while the store is open, and the next process would lock a new one; the folder stays the same.
/// </summary>
internal sealed class DataFolderLock : IDisposable
{
    // EWOULDBLOCK on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows.
    private static readonly int[] InUse = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream _file;
    private readonly FolderFlock? _folder;

    private DataFolderLock(FileStream file, FolderFlock? folder)
    {
        _file = file;
        _folder = folder;
    }

    /// <summary>Creates the folder if need be and takes the locks.</summary>
    /// <exception cref="DataFolderInUseException">Another store has it.</exception>
    /// <exception cref="RowStoreOpenException">The folder cannot be created or written.</exception>
    public static DataFolderLock Acquire(DataFolder folder)
    {
        FileStream? file = null;
        try
        {
            folder.Create();
            file = new FileStream(folder.LockFile, DataFolder.Private(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            var whole = FolderFlock.TryAcquire(folder.Path, out var taken);
            return taken ? throw new DataFolderInUseException(folder.Path) : new DataFolderLock(file, whole);
        }
        catch (IOException e) when (InUse.Contains(e.HResult))
        {
            throw new DataFolderInUseException(folder.Path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RowStoreOpenException($"The data folder '{folder.Path}' cannot be written: {e.Message}", e);
        }
        catch (DataFolderInUseException)
        {
            file?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _folder?.Dispose();
        _file.Dispose();
    }
}
