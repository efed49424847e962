using Serverless.Flows;
using Serverless.Flows.Hosting;

namespace Serverless.Functions.TaskRuns;

/// <summary>Divides a map into batches.</summary>
internal static class TaskBatches
{
    /// <summary>Maps up to this size run in the flow's own orchestration; larger ones in batches of at most this size.</summary>
    internal const int MaxSize = 100;

    /// <summary>The calls in batches, in order. Where arguments are large, fewer make a batch: they travel together.</summary>
    public static IEnumerable<TaskInvocation[]> Of(IReadOnlyList<TaskInvocation> calls)
    {
        List<TaskInvocation> batch = [];
        long length = 0;
        foreach (TaskInvocation call in calls)
        {
            if (batch.Count == MaxSize || (batch.Count > 0 && length + call.ArgumentsJson.Length > PayloadLimitException.MaxCharacters))
            {
                yield return [.. batch];
                batch.Clear();
                length = 0;
            }

            batch.Add(call);
            length += call.ArgumentsJson.Length;
        }

        if (batch.Count > 0)
        {
            yield return [.. batch];
        }
    }
}
