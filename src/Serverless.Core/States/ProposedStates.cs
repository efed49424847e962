namespace Serverless.Core.States;

/// <summary>The states that callers propose, by name.</summary>
public static class ProposedStates
{
    /// <summary>Due at <paramref name="scheduledTime"/>; null for at once.</summary>
    public static ProposedState Scheduled(DateTimeOffset? scheduledTime = null, string? message = null) =>
        At(StateNames.Scheduled, scheduledTime, message);

    /// <summary>Due at <paramref name="scheduledTime"/> and not picked up.</summary>
    public static ProposedState Late(DateTimeOffset? scheduledTime, string? message = null) =>
        At(StateNames.Late, scheduledTime, message);

    /// <summary>To be tried again at <paramref name="scheduledTime"/>.</summary>
    public static ProposedState AwaitingRetry(DateTimeOffset? scheduledTime, string? message = null) =>
        At(StateNames.AwaitingRetry, scheduledTime, message);

    /// <summary>To be tried again at <paramref name="scheduledTime"/>, when a concurrency slot may be free.</summary>
    public static ProposedState AwaitingConcurrencySlot(DateTimeOffset? scheduledTime, string? message = null) =>
        At(StateNames.AwaitingConcurrencySlot, scheduledTime, message);

    /// <summary>A suspended run on its way back, due at <paramref name="scheduledTime"/>; null for at once.</summary>
    public static ProposedState Resuming(DateTimeOffset? scheduledTime = null, string? message = null) =>
        At(StateNames.Resuming, scheduledTime, message);

    /// <summary>Handed to what will run it.</summary>
    public static ProposedState Pending(string? message = null) => Of(StateType.Pending, StateNames.Pending, message);

    /// <summary>Pending: a worker creates its infrastructure.</summary>
    public static ProposedState Submitting(string? message = null) => Of(StateType.Pending, StateNames.Submitting, message);

    /// <summary>Pending: its infrastructure starts.</summary>
    public static ProposedState InfrastructurePending(string? message = null) =>
        Of(StateType.Pending, StateNames.InfrastructurePending, message);

    /// <summary>Its code runs.</summary>
    public static ProposedState Running(string? message = null) => Of(StateType.Running, StateNames.Running, message);

    /// <summary>Its code runs again after a failure.</summary>
    public static ProposedState Retrying(string? message = null) => Of(StateType.Running, StateNames.Retrying, message);

    /// <summary>Waits for somebody to resume it; fails at <paramref name="timeout"/> unless that is null.</summary>
    /// <param name="timeout">Until when it may be resumed.</param>
    /// <param name="key">The pause's key, unique in the attempt; null for a generated one.</param>
    /// <param name="message">What is waited for.</param>
    public static ProposedState Paused(DateTimeOffset? timeout = null, string? key = null, string? message = null) =>
        Pause(StateNames.Paused, timeout, reschedule: false, key, message);

    /// <summary>As <see cref="Paused"/>, giving up its infrastructure meanwhile.</summary>
    /// <param name="timeout">Until when it may be resumed.</param>
    /// <param name="key">The pause's key, unique in the attempt; null for a generated one.</param>
    /// <param name="message">What is waited for.</param>
    public static ProposedState Suspended(DateTimeOffset? timeout = null, string? key = null, string? message = null) =>
        Pause(StateNames.Suspended, timeout, reschedule: true, key, message);

    /// <summary>Being stopped.</summary>
    public static ProposedState Cancelling(string? message = null) =>
        Of(StateType.Cancelling, StateNames.Cancelling, message);

    /// <summary>Somebody stopped it.</summary>
    public static ProposedState Cancelled(string? message = null) => Of(StateType.Cancelled, StateNames.Cancelled, message);

    /// <summary>It succeeded.</summary>
    public static ProposedState Completed(string? message = null) => Of(StateType.Completed, StateNames.Completed, message);

    /// <summary>Its code failed.</summary>
    public static ProposedState Failed(string? message = null) => Of(StateType.Failed, StateNames.Failed, message);

    /// <summary>It took too long: Failed.</summary>
    public static ProposedState TimedOut(string? message = null) => Of(StateType.Failed, StateNames.TimedOut, message);

    /// <summary>What ran it failed.</summary>
    public static ProposedState Crashed(string? message = null) => Of(StateType.Crashed, StateNames.Crashed, message);

    private static ProposedState Of(StateType type, string name, string? message) =>
        new() { Type = type, Name = name, Message = message };

    private static ProposedState At(string name, DateTimeOffset? scheduledTime, string? message) =>
        Of(StateType.Scheduled, name, message) with { StateDetails = new StateDetails { ScheduledTime = scheduledTime } };

    private static ProposedState Pause(string name, DateTimeOffset? timeout, bool reschedule, string? key, string? message) =>
        Of(StateType.Paused, name, message) with
        {
            StateDetails = new StateDetails { PauseTimeout = timeout, PauseReschedule = reschedule, PauseKey = key },
        };
}
