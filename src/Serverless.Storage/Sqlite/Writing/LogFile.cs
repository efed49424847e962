using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Serverless.Storage.Sqlite;

/// <summary>The database's log, to be made durable by us instead of by each COMMIT.</summary>
internal sealed partial class LogFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    private LogFile(SafeFileHandle handle) => _handle = handle;

    /// <summary>Opens the log of a database that is open for writing: until that is closed, the log stays the same file.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static LogFile Open(string path) =>
        new(File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));

    /// <summary>Waits until all that was written to the log is on the disk.</summary>
    /// <exception cref="IOException">The disk failed: what was written since the last time may be lost, though it can be read
    /// still.</exception>
    public void Sync()
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(_handle);
            return;
        }

        // Not fsync, which .NET calls: that also waits for the time of the last change. SQLite calls this one, too.
        var added = false;
        try
        {
            _handle.DangerousAddRef(ref added);
            if (Fdatasync((int)_handle.DangerousGetHandle()) != 0)
            {
                var error = Marshal.GetLastPInvokeError();
                throw new IOException($"The log cannot be synced to the disk: {new Win32Exception(error).Message}", error);
            }
        }
        finally
        {
            if (added)
            {
                _handle.DangerousRelease();
            }
        }
    }

    public void Dispose() => _handle.Dispose();

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fdatasync(int handle);
}
