using System.Text.Json;

namespace Serverless.Server.Runs;

/// <summary>Looks at cached results before an attempt begins.</summary>
public sealed class CachedResults
{
    private readonly TaskCache _cache;
    private readonly TimeProvider _time;

    internal CachedResults(TaskCache cache, TimeProvider time) => (_cache, _time) = (cache, time);

    /// <summary>The data of the state that a key would give: where the result lies, if that is elsewhere; null for none.</summary>
    /// <param name="key">The cache key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<JsonElement?> FindDataAsync(string key, CancellationToken cancellationToken) =>
        (await _cache.FindAsync(key, _time.GetUtcNow(), cancellationToken))?.Entry.State.Data;
}
