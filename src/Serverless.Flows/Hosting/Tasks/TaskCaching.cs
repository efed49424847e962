using Serverless.Flows.Caching;

namespace Serverless.Flows.Hosting;

/// <summary>How the runs of a task, or of one call of it, are cached.</summary>
public sealed class TaskCaching
{
    private readonly TaskDefinition _task;
    private readonly CachePolicy? _declared;
    private readonly CallCaching? _call;
    private readonly CacheBy _parts;
    private readonly IReadOnlyCollection<string> _ignored;

    internal TaskCaching(TaskDefinition task, CacheDeclaration? declared, CallCaching? call)
    {
        _task = task;
        _call = call;
        Expiration = call?.Expiration ?? declared?.Expiration;
        Refresh = call?.Refresh ?? declared?.Refresh ?? false;
        Isolation = call?.Isolation ?? declared?.Policy.Isolation ?? CacheIsolation.ReadCommitted;
        if (call?.By is { } parts)
        {
            _parts = parts;
            _ignored = call.Ignored ?? [];
        }
        else
        {
            _declared = declared?.Policy ?? CachePolicy.None;
            _parts = _declared.Parts;
            _ignored = _declared.Ignored;
        }
    }

    /// <summary>For how long the result may be used; null for ever.</summary>
    public TimeSpan? Expiration { get; }

    /// <summary>Whether the task runs whatever is stored, and its result is stored.</summary>
    public bool Refresh { get; }

    /// <summary>What happens when runs of one key are there at the same time.</summary>
    public CacheIsolation Isolation { get; }

    /// <summary>Whether the key is made of the flow run's parameters, or may be.</summary>
    public bool NeedsFlowParameters => _parts.HasFlag(CacheBy.FlowParameters) || _declared is { HasKeys: true };

    /// <summary>Whether nothing is cached.</summary>
    internal bool IsNone => _parts == CacheBy.None && (_call?.By is null ? _declared is not { HasKeys: true } : !_call.HasKey);

    /// <summary>The cache key of a call: 64 hexadecimal digits.</summary>
    /// <param name="call">The call.</param>
    /// <returns>The key; null for a call that is not cached, because the author's code says so.</returns>
    public string? KeyOf(in CachedCall call)
    {
        var custom = call.CallKey;
        if (_declared is { HasKeys: true })
        {
            custom = _declared.CustomKey(CacheKeyContext.Of(_task.Name, call.ArgumentsJson, call.FlowRunId, call.FlowParametersJson ?? ""));
            if (custom is null)
            {
                return null;
            }
        }
        else if (_call is { HasKey: true } && custom is null)
        {
            return null;
        }

        return CacheKeys.Compute(_task, _parts, _ignored, call, custom);
    }
}
