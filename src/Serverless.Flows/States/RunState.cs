using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Core.States;
using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>
/// The state of a run: what a call came to (<see cref="TaskFuture.WaitForStateAsync"/>), or, made by the static methods, what a flow or
/// task returns as its own state. Does not change. May be an argument and a result, and be part of them.
/// </summary>
[JsonConverter(typeof(RunStateConverter))]
public sealed partial class RunState : IEquatable<RunState>
{
    internal RunState(IState content) => Content = content;

    /// <summary>The type, on which all decisions rest.</summary>
    public RunStateType Type => (RunStateType)Content.Type;

    /// <summary>The name shown to people; says more than the type, such as <c>TimedOut</c>.</summary>
    public string Name => Content.Name ?? Content.Type.DefaultName();

    /// <summary>What happened, for people; null for nothing.</summary>
    public string? Message => Content.Message;

    /// <summary>When the run entered the state (UTC); null for a state that code has made.</summary>
    public DateTimeOffset? Timestamp => (Content as State)?.Timestamp;

    /// <summary>The task run, or the flow run of a subflow, that is in the state; null for a state that code has made.</summary>
    public Guid? RunId => Content.StateDetails.TaskRunId ?? Content.StateDetails.FlowRunId;

    /// <summary>
    /// Of a failure: the full name of the .NET exception that the run's code threw, as in <c>System.InvalidOperationException</c>. Null if
    /// it threw none, or is not known.
    /// </summary>
    public string? ErrorType => Content.StateDetails.ErrorType;

    /// <summary>The types of the exceptions that caused that one, outermost first, at most ten; empty for none.</summary>
    public IReadOnlyList<string> InnerErrorTypes => Content.StateDetails.InnerErrorTypes ?? [];

    /// <summary>True for Completed, Failed, Cancelled and Crashed: nothing more happens.</summary>
    public bool IsFinal => Content.IsFinal();

    /// <summary>True when the run has ended well.</summary>
    public bool IsCompleted => Content.IsCompleted();

    /// <summary>True when the run's code has failed, or took too long.</summary>
    public bool IsFailed => Content.IsFailed();

    /// <summary>True when somebody stopped the run.</summary>
    public bool IsCancelled => Content.IsCancelled();

    /// <summary>True when what ran the run has failed.</summary>
    public bool IsCrashed => Content.IsCrashed();

    /// <summary>True when the run waits for somebody to resume it.</summary>
    public bool IsPaused => Content.IsPaused();

    internal IState Content { get; }

    /// <summary>The value of a run that ended in the state.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="raiseOnFailure">False to read the value that a run left which did not complete; without one, it throws all the
    /// same.</param>
    /// <returns>The value.</returns>
    /// <exception cref="RunException">The run did not complete, or the state comes without its value.</exception>
    /// <exception cref="JsonException">The value is none of the type.</exception>
    public T Result<T>(bool raiseOnFailure = true)
    {
        var error = Error();
        return error is not null && (raiseOnFailure || !IsFinal) ? throw error
            : StoredResult.Of(Content.Data) is { } stored
                ? throw StoredResultException.Of(stored, "a state has no value of a storage: await the run's future, or pass it to a task")
            : Content.Data is { } data ? data.Deserialize<T>(FlowJson.Options)!
            : throw error ?? new MissingResultException(this);
    }

    /// <summary>The exception that awaiting the run throws; null when it completed.</summary>
    /// <returns>The exception; where the run ended so because of others, that of the first one that failed.</returns>
    public RunException? Error() => RunFailure.Of(Content);

    /// <summary>Throws the exception of the run, unless it completed.</summary>
    /// <exception cref="RunException">The run did not complete.</exception>
    public void ThrowIfFailed()
    {
        if (Error() is { } error)
        {
            throw error;
        }
    }

    /// <inheritdoc/>
    public bool Equals(RunState? other) => other is not null && Content.Equals(other.Content);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RunState);

    /// <inheritdoc/>
    public override int GetHashCode() => Content.GetHashCode();

    /// <summary>Name, message and, where the name does not say it, type: <c>TimedOut('too slow', type=FAILED)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Content.ToString() ?? Name;
}
