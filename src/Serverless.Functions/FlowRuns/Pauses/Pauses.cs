using Serverless.Core.States;

namespace Serverless.Functions.FlowRuns;

/// <summary>Facts about pauses.</summary>
internal static class Pauses
{
    /// <summary>The gate fails a paused run only after its timeout; at that very moment it would resume it.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(1);

    /// <summary>From when on the gate fails a paused run instead of resuming it; null for never.</summary>
    public static DateTimeOffset? EndOf(State paused) => paused.StateDetails.PauseTimeout + Margin;
}
