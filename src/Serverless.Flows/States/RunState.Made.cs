using System.Text.Json;
using Serverless.Core.States;
using Serverless.Flows.Binding;

namespace Serverless.Flows;

public sealed partial class RunState
{
    /// <summary>The run has ended well.</summary>
    /// <param name="message">What happened, for people, at most 4,000 characters; null for nothing.</param>
    /// <param name="name">Another name than <c>Completed</c>; null for that.</param>
    /// <returns>A state to return.</returns>
    public static RunState Completed(string? message = null, string? name = null) => new(ProposedStates.Completed(message, name));

    /// <summary>The run has failed. It is retried like one that threw an exception.</summary>
    /// <param name="message">What happened, for people, at most 4,000 characters; null for nothing.</param>
    /// <param name="name">Another name than <c>Failed</c>; null for that.</param>
    /// <param name="retriable">False for no further attempt.</param>
    /// <returns>A state to return.</returns>
    public static RunState Failed(string? message = null, string? name = null, bool retriable = true) =>
        new(ProposedStates.Failed(message, name, details: new StateDetails { Retriable = retriable ? null : false }));

    /// <summary>The run is cancelled.</summary>
    /// <param name="message">What happened, for people, at most 4,000 characters; null for nothing.</param>
    /// <param name="name">Another name than <c>Cancelled</c>; null for that.</param>
    /// <returns>A state to return.</returns>
    public static RunState Cancelled(string? message = null, string? name = null) => new(ProposedStates.Cancelled(message, name));

    /// <summary>What the run needs has failed. It is not retried.</summary>
    /// <param name="message">What happened, for people, at most 4,000 characters; null for nothing.</param>
    /// <param name="name">Another name than <c>Crashed</c>; null for that.</param>
    /// <returns>A state to return.</returns>
    public static RunState Crashed(string? message = null, string? name = null) => new(ProposedStates.Crashed(message, name));

    /// <summary>The flow or task is to run again at a time, which does not count as a retry.</summary>
    /// <param name="time">When; null for at once.</param>
    /// <param name="message">What is waited for, at most 4,000 characters; null for nothing.</param>
    /// <param name="name">Another name than <c>Scheduled</c>; null for that.</param>
    /// <returns>A state to return.</returns>
    public static RunState Scheduled(DateTimeOffset? time = null, string? message = null, string? name = null) =>
        new(ProposedStates.Scheduled(time, message, name));

    /// <summary>The flow or task is to run again at a time, as after a failure.</summary>
    /// <param name="time">When; null for at once.</param>
    /// <param name="message">What happened, for people, at most 4,000 characters; null for nothing.</param>
    /// <returns>A state to return.</returns>
    public static RunState AwaitingRetry(DateTimeOffset? time = null, string? message = null) =>
        new(ProposedStates.AwaitingRetry(time, message));

    /// <summary>The flow is to run again from its start when somebody resumes it. Only a flow may return it.</summary>
    /// <param name="expires">When the run fails unless resumed; null for never.</param>
    /// <param name="key">The pause's key, unique in the attempt; null for a generated one.</param>
    /// <param name="message">What is waited for, at most 4,000 characters; null for nothing.</param>
    /// <returns>A state to return.</returns>
    public static RunState Paused(DateTimeOffset? expires = null, string? key = null, string? message = null) =>
        new(ProposedStates.Paused(expires, key, message));

    /// <summary>As <see cref="Paused"/>, without infrastructure meanwhile. Only for a run of a deployment that is no subflow.</summary>
    /// <param name="expires">When the run fails unless resumed; null for never.</param>
    /// <param name="key">The pause's key, unique in the attempt; null for a generated one.</param>
    /// <param name="message">What is waited for, at most 4,000 characters; null for nothing.</param>
    /// <returns>A state to return.</returns>
    public static RunState Suspended(DateTimeOffset? expires = null, string? key = null, string? message = null) =>
        new(ProposedStates.Suspended(expires, key, message));

    /// <summary>The state with a value, for a flow or task to return.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="value">The value, which becomes the run's result.</param>
    /// <returns>Another state with it.</returns>
    /// <exception cref="InvalidOperationException">It is the state of another run.</exception>
    /// <exception cref="FlowRegistrationException">The value would not come back from JSON as it is.</exception>
    public RunState WithResult<T>(T value)
    {
        if (Content is not ProposedState made)
        {
            throw new InvalidOperationException("The state of a run has its result already: make one, as in RunState.Completed().");
        }

        ReturnedValues.Check(
            typeof(T) != typeof(object) ? typeof(T)
            : value is System.Collections.IEnumerable ? null
            : value?.GetType()
        );
        return new RunState(made with { Data = JsonSerializer.SerializeToElement(value, FlowJson.Options) });
    }
}
