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
}
