using IOPath = System.IO.Path;

namespace Serverless.Storage.Sqlite;

/// <summary>The files of a store. Only their owner may read or write them, whatever the umask and whoever created them.</summary>
internal sealed class DataFolder(string database)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The database, as a full path.</summary>
    public string Database => database;

    /// <summary>The write-ahead log, which SQLite names.</summary>
    public string Log => database + "-wal";

    /// <summary>The file that is locked while a store is open.</summary>
    public string LockFile => database + ".lock";

    /// <summary>The file that says what the folder holds.</summary>
    public string MarkFile => database + ".mark";

    /// <summary>The folder, as a full path.</summary>
    public string Path { get; } = IOPath.GetDirectoryName(database)!;

    /// <summary>How a file of the store is opened.</summary>
    public static FileStreamOptions Private(FileMode mode, FileAccess access, FileShare share)
    {
        FileStreamOptions options = new()
        {
            Mode = mode,
            Access = access,
            Share = share,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows() && mode is not FileMode.Open)
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }

    /// <summary>Creates the folder if there is none.</summary>
    public void Create()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path);
        }
        else
        {
            Directory.CreateDirectory(Path, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    /// <summary>
    /// Creates the database's empty file if there is none, so that SQLite makes it and what lies beside it no more public than that, and
    /// closes what is open to others.
    /// </summary>
    public void Protect()
    {
        using (new FileStream(database, Private(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))) { }

        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var name = IOPath.GetFileName(database);
        var isOurs = true;
        foreach (var entry in Directory.EnumerateFileSystemEntries(Path))
        {
            if (!IOPath.GetFileName(entry).StartsWith(name, StringComparison.Ordinal))
            {
                isOurs = false;
            }
            else if (!Directory.Exists(entry))
            {
                SetMode(entry, OwnerOnly);
            }
        }

        // A folder that holds other things, too, such as a home, is not ours to close.
        if (isOurs)
        {
            SetMode(Path, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Whether a file is there and has bytes.</summary>
    public static bool HasBytes(string path) => new FileInfo(path) is { Exists: true, Length: > 0 };

    private static void SetMode(string path, UnixFileMode mode)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(path) != mode)
            {
                File.SetUnixFileMode(path, mode);
            }
        }
        catch (UnauthorizedAccessException)
        {
            // Somebody else's, made for this user to write (a volume of a container): its owner decides who may read it.
        }
    }
}
