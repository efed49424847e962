using System.Text.Json;
using Serverless.Core.States;
using Serverless.Flows.Binding;
using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>The way from a value to a state, and back to the value or the exception.</summary>
public static class StateResults
{
    /// <summary>The state with a value, for a flow or task to return.</summary>
    /// <param name="state">The state.</param>
    /// <param name="value">The value, which becomes the run's result.</param>
    /// <returns>The same state with it.</returns>
    /// <exception cref="FlowRegistrationException">The value would not come back from JSON as it is.</exception>
    public static ProposedState WithResult<T>(this ProposedState state, T value)
    {
        ArgumentNullException.ThrowIfNull(state);
        ReturnedValues.Check(
            typeof(T) != typeof(object) ? typeof(T)
            : value is System.Collections.IEnumerable ? null
            : value?.GetType()
        );
        return state with { Data = JsonSerializer.SerializeToElement(value, FlowJson.Options) };
    }

    /// <summary>The value of a run that ended in the state.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="state">The state.</param>
    /// <param name="raiseOnFailure">False to read the value that a run left which did not complete; without one, it throws all the
    /// same.</param>
    /// <returns>The value.</returns>
    /// <exception cref="RunException">The run did not complete, or the state comes without its value.</exception>
    public static T Result<T>(this IState state, bool raiseOnFailure = true)
    {
        ArgumentNullException.ThrowIfNull(state);
        var error = state.Error();
        return error is not null && (raiseOnFailure || !state.IsFinal()) ? throw error
            : state.Data is { } data ? data.Deserialize<T>(FlowJson.Options)!
            : throw error ?? new MissingResultException(state);
    }

    /// <summary>The exception of a run that is in the state; null when it completed.</summary>
    /// <param name="state">The state.</param>
    /// <returns>The exception; where the run ended so because of others, that of the first one that failed.</returns>
    public static RunException? Error(this IState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return RunFailure.Of(state);
    }

    /// <summary>The exception of the first run that failed, crashed or was cancelled; null when none did.</summary>
    /// <param name="states">The states of the runs.</param>
    /// <returns>The exception.</returns>
    public static RunException? FirstError(this IEnumerable<IState> states) =>
        states.FirstOrDefault(state => state.IsFinal() && !state.IsCompleted())?.Error();

    /// <summary>Throws the exception of a run that is in the state, unless it completed.</summary>
    /// <param name="state">The state.</param>
    /// <exception cref="RunException">The run did not complete.</exception>
    public static void ThrowIfFailed(this IState state)
    {
        if (state.Error() is { } error)
        {
            throw error;
        }
    }
}
