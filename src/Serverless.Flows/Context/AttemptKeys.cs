using System.Runtime.InteropServices;
using Serverless.Core.Ids;

namespace Serverless.Flows;

/// <summary>
/// Keys of the background task runs that one attempt of a task asks for: the same when the attempt is made again after a crash, in
/// whatever order it makes its calls.
/// </summary>
internal sealed class AttemptKeys
{
    private readonly Dictionary<Guid, int> _calls = [];
    private readonly Lock _lock = new();

    /// <summary>The key of the next call of a task with these arguments.</summary>
    internal string Next(Guid taskRunId, int attempt, string taskKey, string argumentsJson)
    {
        var call = StableIds.From(taskRunId, $"{attempt}|{taskKey}|{argumentsJson}");
        lock (_lock)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_calls, call, out _);
            return $"task:{call:N}-{count++}";
        }
    }
}
