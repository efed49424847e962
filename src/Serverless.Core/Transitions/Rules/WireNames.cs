using Serverless.Core.States;

namespace Serverless.Core.Transitions.Rules;

/// <summary>State types as reasons spell them.</summary>
internal static class WireNames
{
    /// <summary>The type's name on the wire.</summary>
    public static string Wire(this StateType type) =>
        type switch
        {
            StateType.Scheduled => "SCHEDULED",
            StateType.Pending => "PENDING",
            StateType.Running => "RUNNING",
            StateType.Completed => "COMPLETED",
            StateType.Failed => "FAILED",
            StateType.Cancelled => "CANCELLED",
            StateType.Crashed => "CRASHED",
            StateType.Paused => "PAUSED",
            _ => "CANCELLING",
        };
}
