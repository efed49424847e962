using Serverless.Flows;
using Serverless.Flows.Hosting;

namespace Serverless.Functions.TaskRuns;

/// <summary>Divides a map into batches.</summary>
internal static class TaskBatches
{
    /// <summary>Maps up to this size run in the flow's own orchestration; larger ones in batches of at most this size.</summary>
    internal const int MaxSize = 100;

    /// <summary>
    /// Where each batch of the calls begins and ends, in order. Where arguments are large, fewer make a batch: they travel together.
    /// </summary>
    public static IEnumerable<Range> Of(IReadOnlyList<TaskInvocation> calls)
    {
        var first = 0;
        long length = 0;
        for (var i = 0; i < calls.Count; i++)
        {
            var next = calls[i].ArgumentsJson.Length;
            if (i - first == MaxSize || (i > first && length + next > PayloadLimitException.MaxCharacters))
            {
                yield return first..i;
                first = i;
                length = 0;
            }

            length += next;
        }

        if (first < calls.Count)
        {
            yield return first..calls.Count;
        }
    }
}
