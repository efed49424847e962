using System.Collections.Concurrent;
using Serverless.LocalRuntime.Instances;

namespace Serverless.LocalRuntime.Deaths;

/// <summary>Finds out which suspected activities belong to orchestrations that are still open. Safe for threads once it is made.</summary>
internal sealed class ActivitySuspects
{
    private readonly ILookup<string, string> _calls;
    private readonly ILookup<string, string> _groups;
    private readonly ConcurrentBag<string> _open = [];

    /// <summary>Begins to look.</summary>
    /// <param name="keys">The suspects.</param>
    public ActivitySuspects(IReadOnlyList<string> keys)
    {
        _calls = keys.Where(key => ActivityKey.ExecutionOf(key).Length > 0).ToLookup(ActivityKey.ExecutionOf, StringComparer.Ordinal);
        _groups = keys.Where(key => ActivityKey.ExecutionOf(key).Length == 0)
            .ToLookup(key => ActivityKey.RootOf(key) ?? string.Empty, StringComparer.Ordinal);
    }

    /// <summary>Those that belong to orchestrations that were found.</summary>
    public IReadOnlyCollection<string> Open => _open;

    /// <summary>An open orchestration was found.</summary>
    public void Found(InstanceRecord record)
    {
        if (_calls.Count + _groups.Count == 0)
        {
            return;
        }

        foreach (var key in _calls[record.ExecutionId].Concat(_groups[record.Id]))
        {
            _open.Add(key);
        }
    }
}
