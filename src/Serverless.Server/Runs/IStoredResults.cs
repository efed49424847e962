using System.Text.Json;

namespace Serverless.Server.Runs;

/// <summary>Reads results that lie elsewhere than in the app's own store.</summary>
public interface IStoredResults
{
    /// <summary>Opens a result.</summary>
    /// <param name="data">The data of the state that it came with.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// What writes its JSON to a stream, or why it cannot be read any more; null for both if the data does not say where a result lies.
    /// </returns>
    Task<(Func<Stream, CancellationToken, Task>? Write, string? Gone)> OpenAsync(JsonElement data, CancellationToken cancellationToken);
}
