using System.Text.Json;

namespace Serverless.Core.States;

/// <summary>The states that callers propose, by name.</summary>
public static class ProposedStates
{
    /// <summary>Due at <paramref name="scheduledTime"/>; null for at once.</summary>
    /// <exception cref="ArgumentException">The details already have a scheduled time.</exception>
    public static ProposedState Scheduled(
        DateTimeOffset? scheduledTime = null,
        string? message = null,
        string? name = null,
        JsonElement? data = null,
        StateDetails? details = null
    ) => At(name ?? StateNames.Scheduled, scheduledTime, message, data, details);

    /// <summary>Due at <paramref name="scheduledTime"/> and not picked up.</summary>
    /// <exception cref="ArgumentException">The details already have a scheduled time.</exception>
    public static ProposedState Late(
        DateTimeOffset? scheduledTime = null,
        string? message = null,
        JsonElement? data = null,
        StateDetails? details = null
    ) => At(StateNames.Late, scheduledTime, message, data, details);

    /// <summary>To be tried again at <paramref name="scheduledTime"/>; null for at once.</summary>
    /// <exception cref="ArgumentException">The details already have a scheduled time.</exception>
    public static ProposedState AwaitingRetry(
        DateTimeOffset? scheduledTime = null,
        string? message = null,
        JsonElement? data = null,
        StateDetails? details = null
    ) => At(StateNames.AwaitingRetry, scheduledTime, message, data, details);

    /// <summary>To be tried again at <paramref name="scheduledTime"/>, when a concurrency slot may be free.</summary>
    /// <exception cref="ArgumentException">The details already have a scheduled time.</exception>
    public static ProposedState AwaitingConcurrencySlot(
        DateTimeOffset? scheduledTime = null,
        string? message = null,
        JsonElement? data = null,
        StateDetails? details = null
    ) => At(StateNames.AwaitingConcurrencySlot, scheduledTime, message, data, details);

    /// <summary>A suspended run on its way back, due at <paramref name="scheduledTime"/>; null for at once.</summary>
    /// <exception cref="ArgumentException">The details already have a scheduled time.</exception>
    public static ProposedState Resuming(
        DateTimeOffset? scheduledTime = null,
        string? message = null,
        JsonElement? data = null,
        StateDetails? details = null
    ) => At(StateNames.Resuming, scheduledTime, message, data, details);

    /// <summary>Handed to what will run it.</summary>
    public static ProposedState Pending(
        string? message = null,
        string? name = null,
        JsonElement? data = null,
        StateDetails? details = null
    ) => Of(StateType.Pending, name, message, data, details);

    /// <summary>Pending: a worker creates its infrastructure.</summary>
    public static ProposedState Submitting(string? message = null, JsonElement? data = null, StateDetails? details = null) =>
        Of(StateType.Pending, StateNames.Submitting, message, data, details);

    /// <summary>Pending: its infrastructure starts.</summary>
    public static ProposedState InfrastructurePending(string? message = null, JsonElement? data = null, StateDetails? details = null) =>
        Of(StateType.Pending, StateNames.InfrastructurePending, message, data, details);

    /// <summary>Its code runs.</summary>
    public static ProposedState Running(
        string? message = null,
        string? name = null,
        JsonElement? data = null,
        StateDetails? details = null
    ) => Of(StateType.Running, name, message, data, details);

    /// <summary>Its code runs again after a failure.</summary>
    public static ProposedState Retrying(string? message = null, JsonElement? data = null, StateDetails? details = null) =>
        Of(StateType.Running, StateNames.Retrying, message, data, details);

    /// <summary>Its code runs again for another reason.</summary>
    public static ProposedState Rerunning(string? message = null, JsonElement? data = null, StateDetails? details = null) =>
        Of(StateType.Running, StateNames.Rerunning, message, data, details);

    /// <summary>Waits for somebody to resume it, and fails unless that happens in time.</summary>
    /// <param name="expires">Until when it may be resumed; null for <paramref name="timeout"/>, or for ever without one.</param>
    /// <param name="key">The pause's key, unique in the attempt; null for a generated one.</param>
    /// <param name="message">What is waited for.</param>
    /// <param name="timeout">For how long it may be resumed, from now.</param>
    /// <param name="time">The clock of <paramref name="timeout"/>.</param>
    /// <param name="reschedule">True to give up its infrastructure meanwhile.</param>
    /// <param name="name">The name; null for the type's.</param>
    /// <param name="data">A result, or where to find it.</param>
    /// <param name="details">What else is known.</param>
    /// <exception cref="ArgumentException">There is more than one end, or a time-out without a clock.</exception>
    public static ProposedState Paused(
        DateTimeOffset? expires = null,
        string? key = null,
        string? message = null,
        TimeSpan? timeout = null,
        TimeProvider? time = null,
        bool reschedule = false,
        string? name = null,
        JsonElement? data = null,
        StateDetails? details = null
    )
    {
        details ??= StateDetails.Empty;
        if (details.PauseTimeout is not null)
        {
            throw new ArgumentException("The details already have a pause timeout.", nameof(details));
        }

        if (timeout is { } length)
        {
            if (expires is not null)
            {
                throw new ArgumentException("A pause has either an expiration time or a timeout, not both.", nameof(timeout));
            }

            ArgumentNullException.ThrowIfNull(time);
            expires = time.GetUtcNow() + length;
        }

        return Of(
            StateType.Paused,
            name,
            message,
            data,
            details with
            {
                PauseTimeout = expires,
                PauseReschedule = reschedule,
                PauseKey = key,
            }
        );
    }

    /// <summary>As <see cref="Paused"/>, giving up its infrastructure meanwhile.</summary>
    /// <param name="expires">Until when it may be resumed; null for <paramref name="timeout"/>, or for ever without one.</param>
    /// <param name="key">The pause's key, unique in the attempt; null for a generated one.</param>
    /// <param name="message">What is waited for.</param>
    /// <param name="timeout">For how long it may be resumed, from now.</param>
    /// <param name="time">The clock of <paramref name="timeout"/>.</param>
    /// <param name="data">A result, or where to find it.</param>
    /// <param name="details">What else is known.</param>
    /// <exception cref="ArgumentException">There is more than one end, or a time-out without a clock.</exception>
    public static ProposedState Suspended(
        DateTimeOffset? expires = null,
        string? key = null,
        string? message = null,
        TimeSpan? timeout = null,
        TimeProvider? time = null,
        JsonElement? data = null,
        StateDetails? details = null
    ) => Paused(expires, key, message, timeout, time, reschedule: true, StateNames.Suspended, data, details);

    /// <summary>Waits because its flow run is paused.</summary>
    public static ProposedState NotReady(string? message = null, JsonElement? data = null, StateDetails? details = null) =>
        Of(StateType.Paused, StateNames.NotReady, message, data, details);

    /// <summary>Being stopped.</summary>
    public static ProposedState Cancelling(
        string? message = null,
        string? name = null,
        JsonElement? data = null,
        StateDetails? details = null
    ) => Of(StateType.Cancelling, name, message, data, details);

    /// <summary>Somebody stopped it.</summary>
    public static ProposedState Cancelled(
        string? message = null,
        string? name = null,
        JsonElement? data = null,
        StateDetails? details = null
    ) => Of(StateType.Cancelled, name, message, data, details);

    /// <summary>It succeeded.</summary>
    public static ProposedState Completed(
        string? message = null,
        string? name = null,
        JsonElement? data = null,
        StateDetails? details = null
    ) => Of(StateType.Completed, name, message, data, details);

    /// <summary>It succeeded with an earlier result.</summary>
    public static ProposedState Cached(string? message = null, JsonElement? data = null, StateDetails? details = null) =>
        Of(StateType.Completed, StateNames.Cached, message, data, details);

    /// <summary>It succeeded, and its effects were undone.</summary>
    public static ProposedState RolledBack(string? message = null, JsonElement? data = null, StateDetails? details = null) =>
        Of(StateType.Completed, StateNames.RolledBack, message, data, details);

    /// <summary>Its code failed.</summary>
    public static ProposedState Failed(
        string? message = null,
        string? name = null,
        JsonElement? data = null,
        StateDetails? details = null
    ) => Of(StateType.Failed, name, message, data, details);

    /// <summary>It took too long: Failed.</summary>
    public static ProposedState TimedOut(string? message = null, JsonElement? data = null, StateDetails? details = null) =>
        Of(StateType.Failed, StateNames.TimedOut, message, data, details);

    /// <summary>What ran it failed.</summary>
    public static ProposedState Crashed(
        string? message = null,
        string? name = null,
        JsonElement? data = null,
        StateDetails? details = null
    ) => Of(StateType.Crashed, name, message, data, details);

    private static ProposedState Of(StateType type, string? name, string? message, JsonElement? data, StateDetails? details) =>
        new()
        {
            Type = type,
            Name = name ?? type.DefaultName(),
            Message = message,
            Data = data,
            StateDetails = details ?? StateDetails.Empty,
        };

    private static ProposedState At(string name, DateTimeOffset? scheduledTime, string? message, JsonElement? data, StateDetails? details)
    {
        if (scheduledTime is not null)
        {
            details = details is { ScheduledTime: not null }
                ? throw new ArgumentException("The details already have a scheduled time.", nameof(details))
                : (details ?? StateDetails.Empty) with
                {
                    ScheduledTime = scheduledTime,
                };
        }

        return Of(StateType.Scheduled, name, message, data, details);
    }
}
