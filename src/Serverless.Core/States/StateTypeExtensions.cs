namespace Serverless.Core.States;

/// <summary>What a state's type says.</summary>
public static class StateTypeExtensions
{
    /// <summary>True for Completed, Failed, Cancelled and Crashed: nothing more happens unless forced or rerun.</summary>
    public static bool IsFinal(this StateType type) =>
        type is StateType.Completed or StateType.Failed or StateType.Cancelled or StateType.Crashed;

    /// <summary>True for Scheduled.</summary>
    public static bool IsScheduled(this StateType type) => type == StateType.Scheduled;

    /// <summary>True for Pending.</summary>
    public static bool IsPending(this StateType type) => type == StateType.Pending;

    /// <summary>True for Running.</summary>
    public static bool IsRunning(this StateType type) => type == StateType.Running;

    /// <summary>True for Completed.</summary>
    public static bool IsCompleted(this StateType type) => type == StateType.Completed;

    /// <summary>True for Failed.</summary>
    public static bool IsFailed(this StateType type) => type == StateType.Failed;

    /// <summary>True for Cancelled.</summary>
    public static bool IsCancelled(this StateType type) => type == StateType.Cancelled;

    /// <summary>True for Crashed.</summary>
    public static bool IsCrashed(this StateType type) => type == StateType.Crashed;

    /// <summary>True for Paused.</summary>
    public static bool IsPaused(this StateType type) => type == StateType.Paused;

    /// <summary>True for Cancelling.</summary>
    public static bool IsCancelling(this StateType type) => type == StateType.Cancelling;

    /// <summary>The name of a state of this type that was given none.</summary>
    public static string DefaultName(this StateType type) =>
        type switch
        {
            StateType.Scheduled => StateNames.Scheduled,
            StateType.Pending => StateNames.Pending,
            StateType.Running => StateNames.Running,
            StateType.Completed => StateNames.Completed,
            StateType.Failed => StateNames.Failed,
            StateType.Cancelled => StateNames.Cancelled,
            StateType.Crashed => StateNames.Crashed,
            StateType.Paused => StateNames.Paused,
            StateType.Cancelling => StateNames.Cancelling,
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "The state type is unknown."),
        };
}
