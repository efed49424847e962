using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Serverless.Samples;

/// <summary>
/// Opens files that have a content, and nothing else. Opening a named pipe as .NET does waits until somebody writes to it, for ever
/// perhaps, and no token ends that.
/// </summary>
internal static partial class RegularFile
{
    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="IrregularFileException">It is a folder, a pipe, a socket or the like.</exception>
    public static FileStream Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw new IrregularFileException();
        }

        // O_CLOEXEC and O_NONBLOCK; on Windows no path below a folder is a pipe.
        int? flags =
            OperatingSystem.IsLinux() ? 0x80000 | 0x800
            : OperatingSystem.IsMacOS() ? 0x1000000 | 0x4
            : null;
        if (flags is null || !File.Exists(path))
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }

        var opened = Open(path, flags.Value);
        if (opened < 0)
        {
            // A socket, or a device behind which there is none.
            throw Marshal.GetLastPInvokeError() is 6 or 102
                ? new IrregularFileException()
                : new IOException(Marshal.GetLastPInvokeErrorMessage());
        }

        FileStream file = new(new SafeFileHandle(opened, ownsHandle: true), FileAccess.Read, bufferSize: 0);
        if (file.CanSeek)
        {
            return file;
        }

        file.Dispose();
        throw new IrregularFileException();
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);
}
