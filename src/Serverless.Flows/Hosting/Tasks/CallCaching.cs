namespace Serverless.Flows.Hosting;

/// <summary>How one call of a task is cached where that differs from what the task declares.</summary>
/// <param name="By">What the key is made of, in place of everything that the task declares; null for what the task declares.</param>
/// <param name="Ignored">With <paramref name="By"/>: the names in JSON of the arguments that are left out; null for none.</param>
/// <param name="HasKey">With <paramref name="By"/>: whether the call has a key of its own besides.</param>
/// <param name="Isolation">The isolation level; null for what the task declares.</param>
/// <param name="Expiration">For how long the result may be used; null for what the task declares.</param>
/// <param name="Refresh">Whether the task runs whatever is stored; null for what the task declares.</param>
public sealed record CallCaching(
    CacheBy? By = null,
    IReadOnlyList<string>? Ignored = null,
    bool HasKey = false,
    CacheIsolation? Isolation = null,
    TimeSpan? Expiration = null,
    bool? Refresh = null
);
