namespace Serverless.Core.Transitions.Rules;

/// <summary>
/// A completed state with a cache key is stored under it. One with a key that is too long is written, but not under its key.
/// </summary>
internal sealed class CacheInsertion() : TransitionRule<TaskRunTransition>(from: StateTypes.AnyOrNone, to: StateTypes.Completed)
{
    public override void Before(TaskRunTransition transition)
    {
        var longest = transition.Settings.MaxCacheKeyLength;
        if (transition.Details.CacheKey is { } key && key.Length > longest && key.EnumerateRunes().Count() > longest)
        {
            transition.RejectAsIs($"Cache key exceeded maximum allowed length of {longest} characters.");
        }
    }

    public override void After(TaskRunTransition transition)
    {
        if (transition.Details is { CacheKey: { Length: > 0 } key } details)
        {
            transition.CacheEntry = new CacheEntry(key, details.CacheExpiration);
        }
    }
}
