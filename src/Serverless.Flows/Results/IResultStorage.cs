namespace Serverless.Flows;

/// <summary>
/// Keeps the values of tasks outside the runs' own store: <c>[Task(ResultStorage = "files")]</c>. Called by many tasks at once.
/// </summary>
public interface IResultStorage
{
    /// <summary>
    /// Stores a value. A value under the same key is replaced, by all of the new one or not at all: what was cut off is never read.
    /// </summary>
    /// <param name="key">Names it: parts of letters, digits and other characters, with <c>/</c> between.</param>
    /// <param name="write">Writes the value to the stream.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>The bytes that were stored.</returns>
    Task<long> WriteAsync(string key, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);

    /// <summary>Opens a value.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The value, to be disposed of; null if there is none.</returns>
    Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken);

    /// <summary>Whether there is a value.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>True if there is.</returns>
    Task<bool> ExistsAsync(string key, CancellationToken cancellationToken);
}
