namespace Serverless.Flows;

/// <summary>An input that a run has received.</summary>
/// <typeparam name="T">The type of its value.</typeparam>
public sealed class ReceivedInput<T>
{
    private const string FlowRunSender = "prefect.flow-run.";

    private readonly FlowInput _inputs;

    internal ReceivedInput(FlowInput inputs, T value, string key, string? sender)
    {
        _inputs = inputs;
        Value = value;
        Key = key;
        Sender = sender;
    }

    /// <summary>What was sent.</summary>
    public T Value { get; }

    /// <summary>The input's key, unique in the run.</summary>
    public string Key { get; }

    /// <summary>Who sent it: <c>prefect.flow-run.{id}</c> for a flow run; null if the sender did not say.</summary>
    public string? Sender { get; }

    /// <summary>The flow run that sent it; null for any other sender.</summary>
    public Guid? SenderFlowRunId =>
        Sender is { } sender
        && sender.StartsWith(FlowRunSender, StringComparison.Ordinal)
        && Guid.TryParse(sender.AsSpan(FlowRunSender.Length), out var id)
            ? id
            : null;

    /// <summary>Sends a value to the flow run that sent this one.</summary>
    /// <typeparam name="TResponse">The value's type.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="keyPrefix">What the key of the other's input begins with; null for what the type says.</param>
    /// <returns>A task that is done when it is written.</returns>
    /// <exception cref="InvalidOperationException">No flow run sent this input, or it is not there any more.</exception>
    public Task RespondAsync<TResponse>(TResponse value, string? keyPrefix = null) =>
        SenderFlowRunId is { } id
            ? _inputs.SendAsync(id, value, keyPrefix)
            : throw new InvalidOperationException($"Nobody can be answered: the input '{Key}' was not sent by a flow run.");
}
