using Serverless.Core.Models;

namespace Serverless.Flows.Hosting;

/// <summary>The assets of an attempt, for hosts.</summary>
public static class MadeAssets
{
    /// <summary>The assets that an attempt makes, with what its code said of them; null for none.</summary>
    public static TaskRunAssets? Of(TaskContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Assets.Made;
    }

    /// <summary>The assets that a cached result stands for; null where they are the same in each run of the task.</summary>
    public static IReadOnlyList<TaskRunAsset>? OfCached(TaskDefinition task, string argumentsJson)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (task.Assets.All(asset => asset.FixedKey is not null))
        {
            return null;
        }

        List<TaskRunAsset> made = [];
        foreach (var asset in task.Assets)
        {
            try
            {
                made.Add(asset.Of(argumentsJson));
            }
            catch (InvalidOperationException)
            {
                // Arguments that make no key: the run whose result this is would have failed with them.
            }
        }

        return made;
    }
}
