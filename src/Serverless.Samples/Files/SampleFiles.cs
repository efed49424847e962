using Serverless.Samples.Csv;

namespace Serverless.Samples;

/// <summary>
/// The files that samples may read: those below one folder, which the operator names. Whoever may start a run chooses the path, so the path
/// alone must not open everything that the process can read.
/// </summary>
/// <param name="folder">The folder; null for none, and then nothing may be read.</param>
public sealed class SampleFiles(string? folder)
{
    /// <summary>The setting that names the folder.</summary>
    public const string Setting = "FilesFolder";

    /// <summary>As many links as Linux follows.</summary>
    private const int MaxLinks = 40;

    private readonly string? _root = folder is null ? null : Path.GetFullPath(folder);

    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">Its path, from the folder unless it is a full one.</param>
    /// <exception cref="CsvReportException">It is outside the folder, whether or not there is one, or cannot be read.</exception>
    internal FileStream Open(string path)
    {
        if (_root is null)
        {
            throw new CsvReportException("No folder for files is configured: set FilesFolder.");
        }

        try
        {
            return RegularFile.Open(Resolve(path));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CsvReportException($"{path}: there is no such file.", exception);
        }
        catch (IrregularFileException exception)
        {
            throw new CsvReportException($"{path}: only regular files can be read, not folders, pipes, sockets or devices.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The system's own words name the path that links led to.
            throw new CsvReportException($"{path}: the file cannot be read.", exception);
        }
    }

    /// <summary>The file that a path leads to, without links.</summary>
    private string Resolve(string path)
    {
        var full = Path.GetFullPath(path, _root!);
        if (!IsBelow(full, _root!))
        {
            throw Outside(path);
        }

        var links = 0;
        var root = RealPath(_root!, ref links);
        var real = RealPath(full, ref links);
        if (!IsBelow(real, root))
        {
            throw Outside(path);
        }

        // Settings, keys and the data of the host itself (.env, .ssh, .serverless) often lie in the folder that it is started in.
        return Path.GetRelativePath(root, real).Split(Path.DirectorySeparatorChar).Any(name => name.StartsWith('.'))
            ? throw new CsvReportException($"{path}: files and folders whose names begin with a dot cannot be read.")
            : real;
    }

    private static CsvReportException Outside(string path) => new($"{path} is outside the folder from which files may be read.");

    private static bool IsBelow(string path, string root) =>
        path.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>Follows the links of every part of a full path; parts that are not there stay as they are.</summary>
    private static string RealPath(string path, ref int links)
    {
        var real = Path.GetPathRoot(path)!;
        var rest = Parts(path, real);
        while (rest.TryPop(out var name))
        {
            var next = Path.Combine(real, name);
            if (Link(next) is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new IOException("Too many links.");
            }

            var aim = Path.GetFullPath(target, real);
            real = Path.GetPathRoot(aim)!;
            foreach (var part in Parts(aim, real).Reverse())
            {
                rest.Push(part);
            }
        }

        return real;
    }

    /// <summary>The parts of a path behind its root, the first on top.</summary>
    private static Stack<string> Parts(string path, string root) =>
        new(path[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse());

    private static string? Link(string path) => new FileInfo(path).LinkTarget ?? new DirectoryInfo(path).LinkTarget;
}
