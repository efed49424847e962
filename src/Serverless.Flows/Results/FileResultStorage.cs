using Serverless.Flows.Results;

namespace Serverless.Flows;

/// <summary>Keeps values in files under a folder, which all instances of the app must share. A file appears whole or not at all.</summary>
public sealed class FileResultStorage : IResultStorage
{
    private const string TemporaryPrefix = ".writing-";

    private readonly string _folder;

    /// <summary>A storage in a folder, which is made when the first value is written.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="ArgumentException">The folder is empty.</exception>
    public FileResultStorage(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        _folder = Path.GetFullPath(folder);
    }

    /// <inheritdoc/>
    public async Task<long> WriteAsync(string key, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        var path = PathOf(key);
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, TemporaryPrefix + Path.GetRandomFileName());
        try
        {
            long length;
            await using (FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true))
            {
                await write(file, cancellationToken);
                await file.FlushAsync(cancellationToken);

                // The run's state that names the file is durable once it is written: so must the file be.
                file.Flush(flushToDisk: true);
                length = file.Length;
            }

            File.Move(temporary, path, overwrite: true);
            return length;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream?>(
                new FileStream(PathOf(key), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, useAsync: true)
            );
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(string key, CancellationToken cancellationToken) => Task.FromResult(File.Exists(PathOf(key)));

    private string PathOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (ResultKeys.Problem(key) is { } problem)
        {
            throw new ArgumentException($"'{key}' is no key of a result: {problem}.", nameof(key));
        }

        return Path.Combine(_folder, key.Replace('/', Path.DirectorySeparatorChar));
    }
}
