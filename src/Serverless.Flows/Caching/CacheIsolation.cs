namespace Serverless.Flows;

/// <summary>What happens when task runs with one cache key are there at the same time. Prefect's isolation levels.</summary>
public enum CacheIsolation
{
    /// <summary>Each runs, unless a result is there when it starts.</summary>
    ReadCommitted,

    /// <summary>
    /// One runs, and the others wait for it: they take its result, or the next one runs if it left none. A run that waits asks again after
    /// a quarter of the time for which the other has run: at least one second, at most one minute.
    /// </summary>
    Serializable,
}
