using System.Runtime.InteropServices;

namespace Serverless.Storage.Sqlite;

/// <summary>
/// A lock on a folder itself (flock), which .NET has for files only. Linux and macOS; on Windows nobody can delete the lock's file while it
/// is open.
/// </summary>
internal sealed partial class FolderFlock : IDisposable
{
    private const int ExclusiveAtOnce = 2 | 4;
    private const int Release = 8;

    private readonly int _handle;

    private FolderFlock(int handle) => _handle = handle;

    /// <summary>Takes the lock; null when another has it, or when the system or its file system knows no such locks.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="taken">Whether another has it.</param>
    public static FolderFlock? TryAcquire(string folder, out bool taken)
    {
        taken = false;

        // O_CLOEXEC, so that no process that a task starts keeps the lock after this one has ended.
        int? flags =
            OperatingSystem.IsLinux() ? 0x80000
            : OperatingSystem.IsMacOS() ? 0x1000000
            : null;
        if (flags is null || Open(folder, flags.Value) is not (>= 0 and var handle))
        {
            return null;
        }

        if (Flock(handle, ExclusiveAtOnce) == 0)
        {
            return new(handle);
        }

        taken = Marshal.GetLastPInvokeError() is 11 or 35;
        _ = Close(handle);
        return null;
    }

    /// <summary>
    /// Gives the lock back by name: a process that is just being started has a copy of the handle for a moment, and closing ours would
    /// leave the lock to it.
    /// </summary>
    public void Dispose()
    {
        _ = Flock(_handle, Release);
        _ = Close(_handle);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flock(int handle, int operation);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
