namespace Serverless.Core.States;

/// <summary>What a state's type says of it.</summary>
public static class StateExtensions
{
    /// <summary>True for a state in which nothing more happens unless forced or rerun.</summary>
    public static bool IsFinal(this IState state) => TypeOf(state).IsFinal();

    /// <summary>True for Scheduled, AwaitingRetry and other states that are due at a time.</summary>
    public static bool IsScheduled(this IState state) => TypeOf(state).IsScheduled();

    /// <summary>True for Pending, Submitting and others before its code runs.</summary>
    public static bool IsPending(this IState state) => TypeOf(state).IsPending();

    /// <summary>True for Running, Retrying and Rerunning.</summary>
    public static bool IsRunning(this IState state) => TypeOf(state).IsRunning();

    /// <summary>True for Completed, Cached and RolledBack.</summary>
    public static bool IsCompleted(this IState state) => TypeOf(state).IsCompleted();

    /// <summary>True for Failed and TimedOut.</summary>
    public static bool IsFailed(this IState state) => TypeOf(state).IsFailed();

    /// <summary>True for Cancelled.</summary>
    public static bool IsCancelled(this IState state) => TypeOf(state).IsCancelled();

    /// <summary>True for Crashed.</summary>
    public static bool IsCrashed(this IState state) => TypeOf(state).IsCrashed();

    /// <summary>True for Paused, Suspended and NotReady.</summary>
    public static bool IsPaused(this IState state) => TypeOf(state).IsPaused();

    /// <summary>True for Cancelling.</summary>
    public static bool IsCancelling(this IState state) => TypeOf(state).IsCancelling();

    private static StateType TypeOf(IState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Type;
    }
}
